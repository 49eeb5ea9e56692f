"""Composition root of Kreisrund: settings, addresses, look, commands and the database that comes with it."""
