"""PDF documents of a package: the annotated CRF and the reviewers' guides."""
