"""Made by scripts/generate_geyser.py: do not edit."""
