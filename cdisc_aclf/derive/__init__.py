"""Commands: each takes a frame and returns it with new variables and the same rows."""
