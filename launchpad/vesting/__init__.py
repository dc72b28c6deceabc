"""Vesting schedules."""
