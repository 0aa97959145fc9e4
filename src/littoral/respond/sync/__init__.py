"""The rules of sync between a phone and the server: pure, and the same in web/sync (TypeScript).

contracts/sync/README.md has the protocol in words; contracts/sync/vectors hold both to it.
"""
