"""Lists of tokens that people follow."""
