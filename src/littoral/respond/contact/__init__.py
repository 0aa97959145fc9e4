"""Contacts: what somebody heard by VHF or saw, entered by hand, and where it may be by now."""
