"""What really happened in a simulated day, by the rules' published text (docs/detectors, "The
rule" or the profiles and settings), computed by brute force from noiseless trajectories. A module a
rule, for all its profiles; none of it reaches a detector (tools/layers.py)."""
