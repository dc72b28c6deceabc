"""The tokens slice."""
