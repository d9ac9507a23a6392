"""What was made, in the words of Define-XML: facts from the specs, types and lengths from the data."""
