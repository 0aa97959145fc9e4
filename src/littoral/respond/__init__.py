"""Response: who can be where first. Pure: positions, speeds and the coast come as arguments."""
