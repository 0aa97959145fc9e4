"""Sockets and files: the package that brings bytes in and knows nothing of what they mean."""
