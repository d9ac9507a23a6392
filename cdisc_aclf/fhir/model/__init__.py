"""What the specs and the standard say of FHIR."""
