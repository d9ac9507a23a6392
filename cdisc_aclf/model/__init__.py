"""Nouns: frozen dataclasses that every room may hold."""
