"""SAS transport files, version 5."""
