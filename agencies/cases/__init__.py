"""Case files: persons, households, typed sections, disclosures and the grants derived from them."""
