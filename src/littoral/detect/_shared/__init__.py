"""What several detectors need alike: a track's name in findings."""
