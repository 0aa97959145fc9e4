"""The live stream: docs/live-stream.md is its contract, contracts/live/ holds its vectors."""
