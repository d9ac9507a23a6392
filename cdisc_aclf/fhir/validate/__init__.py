"""FHIR resources and bundles against the standard."""
