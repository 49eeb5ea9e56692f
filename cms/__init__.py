"""Editorial pages for the public in nine languages."""
