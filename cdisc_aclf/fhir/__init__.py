"""FHIR resources: made, read, written, validated and pushed to a server."""
