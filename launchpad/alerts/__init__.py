"""Alerts: rules that people set, what fires, and how it reaches them."""
