"""The analytics slice: who holds a token and who made what with it, how it trades, and the market as a whole."""
