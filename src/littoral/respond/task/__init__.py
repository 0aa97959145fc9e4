"""Tasks: who is sent where for an incident, from the offer to what was found.

What is sent, a boat, a cutter, a vehicle, a drone, a team, a grid worker, is a *responder* here: a
unit of the organisation is an office (province, county, village)."""
