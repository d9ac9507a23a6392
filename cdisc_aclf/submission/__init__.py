"""What leaves: a package with its documents, its manifest and its audit."""
