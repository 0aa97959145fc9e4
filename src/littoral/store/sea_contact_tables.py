"""Tables of contacts at sea. Changed only with a migration."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from littoral.store.tables import Json, metadata

# What lists ask for; how a contact stands is what its steps make of it.
sea_contacts = Table(
    "sea_contacts",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("seq", BigInteger, nullable=False, unique=True),  # of the last change, over all
    Column("number", Integer, nullable=False, unique=True),  # by which people name it
    Column("opened_us", BigInteger, nullable=False),
    Column("heard_us", BigInteger, nullable=False),  # last
    Column("until_us", BigInteger, nullable=False, index=True),  # when it leaves the live picture
    Column("ended_us", BigInteger),
)
Index(None, sea_contacts.c.opened_us, sea_contacts.c.id)

# Every report, correction and end stays.
sea_contact_steps = Table(
    "sea_contact_steps",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column("contact_id", ForeignKey("sea_contacts.id"), nullable=False),
    Column("version", Integer, nullable=False),  # of the contact, once it was done
    Column("kind", String(20), nullable=False),
    Column("at_us", BigInteger, nullable=False),  # entered
    Column("by", String(200), nullable=False),
    Column("desk", String(80), nullable=False),
    Column("fields", Json, nullable=False),  # numbers, codes, what vessels call themselves
    Column("words", Text, nullable=False),  # what was said; ends by retention
    Column("place_words", Text, nullable=False),  # how its place was said, likewise
)
Index(None, sea_contact_steps.c.contact_id, sea_contact_steps.c.version, unique=True)
