"""People, known by their wallet: sign-in and sessions."""
