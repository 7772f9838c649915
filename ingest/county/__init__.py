"""The synthetic demo county: seeded, calibrated, its truth kept beside it."""
