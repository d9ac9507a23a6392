"""HTML pages: markup, the page around it, and the counts that pages share."""
