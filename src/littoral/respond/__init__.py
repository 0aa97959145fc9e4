"""Who goes, with what, by when, and what they found: rules alone, without clock or socket."""
