"""Keys for programs: who sends them, and how much they may ask for."""
