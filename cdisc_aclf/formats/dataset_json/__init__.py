"""Dataset-JSON 1.1."""
