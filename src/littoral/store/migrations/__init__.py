"""Changes of the records' tables, in order. A released one is never edited; see docs/stores.md."""
