"""A study folder: its specs, its mappings and the plan in which they run."""
