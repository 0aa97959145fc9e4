"""Finding near pairs of vessels: a grid of cells on the sphere and a table keyed by pair.

Shared by the detectors that look at two vessels at once (`encounter`, `collision`).
"""
