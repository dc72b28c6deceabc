"""Bytes and numbers as the JSON of a validator shows them."""
