"""Evidence: photos, videos and documents, kept byte for byte, with a chain of custody.

`custody` has the functions, `bundle` what a court's expert gets. See docs/evidence.md.
"""
