"""What oversight reads: an index of the log's entries, patterns of access, delays, reports.

The log is the record; the index here is made from it and can be made anew from it at any time.
"""
