"""The manifest of a package, and a package against its manifest."""
