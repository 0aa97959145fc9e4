"""What really happened in a simulated day, by the rules' published text (docs/detectors, "The
rule"), profile coastal, computed by brute force from noiseless trajectories. A module a rule; none
of it reaches a detector (tools/layers.py)."""
