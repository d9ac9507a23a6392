"""Files of any kind: tables of text in, outputs that appear whole."""
