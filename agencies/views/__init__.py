"""Views of the agencies base."""
