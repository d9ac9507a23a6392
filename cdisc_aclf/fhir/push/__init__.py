"""A package into a FHIR server."""
