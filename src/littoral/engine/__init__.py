"""Wires the pure steps to stores and links: history, live, clock, watermark, checkpoints."""
