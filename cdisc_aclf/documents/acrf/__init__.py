"""The annotated case report form."""
