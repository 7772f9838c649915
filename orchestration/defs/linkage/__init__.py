"""Assets of linking."""
