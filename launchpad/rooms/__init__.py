"""Rooms: every token has one, and people talk there."""
