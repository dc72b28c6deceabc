"""Uploaded pictures and metadata documents, kept by the hash of their content."""
