"""A Define-XML document as a page."""
