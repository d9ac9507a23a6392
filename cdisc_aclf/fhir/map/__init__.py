"""Expressions for FHIR resources, and for the way back."""
