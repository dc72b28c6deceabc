"""`jsonParsed`: accounts and instructions of well-known programs as JSON."""
