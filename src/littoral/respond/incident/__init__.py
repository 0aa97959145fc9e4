"""Incidents: what people handle, from the first report to the last verification."""
