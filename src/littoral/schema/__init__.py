"""The shared vocabulary: columns with unit and meaning, ids, time. Imports nothing of ours."""
