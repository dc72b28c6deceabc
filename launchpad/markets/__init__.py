"""The markets slice."""
