"""From a registry record and raw CRF data to SDTM, ADaM and FHIR, each output validated."""

__version__ = "0.2.0"
