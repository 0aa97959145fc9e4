"""A witness: a small program of its own, which any agency can run beside somebody else's log."""
