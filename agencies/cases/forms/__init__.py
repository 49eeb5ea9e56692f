"""Forms of the case file."""
