"""Who is who: units and agencies, accounts with their credentials, sessions, invitations, keys.

Plain functions and classes over the records' database; `api.signin` is the door to them.
"""
