"""Housing tool of county and jobcenter: inventory, placement, change of responsibility without moving out."""
