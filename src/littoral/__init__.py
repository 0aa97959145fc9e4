"""Littoral keeps watch over a coast together: sense, analyse, respond, assess."""
