"""What can be asked for: convert, registry, simulate."""
