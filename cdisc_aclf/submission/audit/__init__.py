"""A package against itself, whoever built it."""
