"""What survives: accounts, blocks and transactions in one SQLite file, written in groups."""
