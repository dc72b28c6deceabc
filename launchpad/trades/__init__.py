"""The trades slice."""
