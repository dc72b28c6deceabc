"""Other venues: their pools and coins, routes over them, and launches on several at once."""
