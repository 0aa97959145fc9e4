"""Our shore as detectors ask about it: who may come ashore, how far, where, and who lies there.

Shared by the detectors of small craft that come ashore (`approach`, `landing`, `landfall`).
"""
