"""The vault: personal fields apart from the operational records, readable only by purpose and case.

`vault.Vault` is the door. See docs/personal-data.md.
"""
