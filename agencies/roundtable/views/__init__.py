"""Screens of the round table."""
