"""Assets that take in deliveries, one per extract."""
