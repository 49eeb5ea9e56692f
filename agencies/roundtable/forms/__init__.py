"""Forms of the round table."""
