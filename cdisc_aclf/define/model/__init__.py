"""What a Define-XML document says, apart from how XML writes it."""
