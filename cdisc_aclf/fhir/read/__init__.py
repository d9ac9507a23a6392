"""FHIR JSON, and the specs of FHIR, in."""
