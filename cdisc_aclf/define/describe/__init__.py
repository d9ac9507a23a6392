"""From specs and datasets to a Define-XML document."""
