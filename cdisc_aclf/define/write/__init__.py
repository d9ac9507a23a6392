"""A Define-XML document as XML."""
