"""The way to a FHIR server: what is asked and answered over HTTP, and the journal of what it has accepted."""
