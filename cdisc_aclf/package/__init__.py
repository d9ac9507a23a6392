"""What leaves the house: documents, transport files, FHIR forms, the seal; and the audit of any package."""
