"""FHIR JSON out: resources, bundles, transactions, bulk files."""
