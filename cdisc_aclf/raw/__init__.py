"""What an EDC exports: read, validated, and the reconciliation of every record and column."""
