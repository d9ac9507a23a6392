"""Define-XML 2.1: what a document says, made from specs and datasets, read, written, shown and validated."""
