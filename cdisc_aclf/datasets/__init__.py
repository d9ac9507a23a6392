"""Datasets of SDTM and ADaM: conformed to their specs, validated against their schema and against each other."""
