"""The portfolio slice."""
