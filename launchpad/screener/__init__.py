"""Tokens by any figure: expressions that filter them, presets, and views that people saved."""
