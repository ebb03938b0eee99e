"""Made-up people, places and records: the demonstration and the mass of records that load is tried with.

Nothing here describes a real person. Everything is drawn from a seeded `random.Random`: the same seed on the
same day gives the same rows.
"""
