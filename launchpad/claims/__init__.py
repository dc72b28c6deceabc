"""The claims slice: taking out fees and vested tokens."""
