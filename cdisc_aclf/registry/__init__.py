"""A trial's registry record (ClinicalTrials.gov API v2): read, and checked for consistency."""
