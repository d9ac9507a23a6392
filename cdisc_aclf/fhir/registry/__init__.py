"""The registry record out of the FHIR resources that were made of it."""
