"""Made-up people, places and records: the demonstration and the mass of records that load is tried with.

Of a mass each kind of life is drawn some dozen times and told again for the others in bulk (`copies.py`).
Nothing here describes a real person. Everything is drawn from a seeded `random.Random`: the same seed on the
same day gives the same rows.
"""
