"""Formats: each renders what it is given to bytes or text, none decides."""
