"""What explains a silence away, and what ends it.

Shared by the detectors that judge that nothing is heard (`gap`, `landing`, `landfall`).
"""
