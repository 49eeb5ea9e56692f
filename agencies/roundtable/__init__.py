"""Round tables: agencies meet over shared cases, behind a curtain for each of them, live for all of them."""
