"""The synthetic demo county: seeded, calibrated, its truth kept beside it.

The true county (`world` from `geography`, `families`, `names`, `identity`) → the offices' books, free of gaps
(`facts_*`, `visits`) → planted policy gaps (`gaps`) → what clerks write (`mess`, `cells`) → files (`deliver`,
`layout`, `xlsx`). `make` is the door. What people decide stands in the YAML files: `calibration` (figures and rates),
`names`, `places`, `deliveries` (each department's habits).
"""
