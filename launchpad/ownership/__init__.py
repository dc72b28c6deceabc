"""The ownership slice: what creators and beneficiaries may still change after a launch."""
