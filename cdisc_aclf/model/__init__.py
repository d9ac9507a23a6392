"""Nouns: frozen dataclasses that several packages share."""
