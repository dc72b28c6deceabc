"""What people draw on charts, kept for their account."""
