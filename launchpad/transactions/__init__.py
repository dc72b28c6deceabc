"""The transactions slice."""
