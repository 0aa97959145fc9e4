"""The log: an append-only Merkle log in the tiled form of C2SP, its writer, readers and witness.

Nothing is imported here: `fsck` and `witness` are to be loaded without the writer.
"""
