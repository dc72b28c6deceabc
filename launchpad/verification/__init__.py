"""The verification slice: what a token or a program really is, read from the chain, as a report people understand."""
