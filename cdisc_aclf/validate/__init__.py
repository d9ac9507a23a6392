"""Judgement: every bad row comes back as a Finding, all at once."""
