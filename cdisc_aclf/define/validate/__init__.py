"""Rules of Define-XML documents."""
