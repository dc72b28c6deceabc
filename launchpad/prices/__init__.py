"""The prices slice: what SOL costs in US dollars, from where, and how fresh that is."""
