"""Tables of units, accounts and sign-in. Of every secret only a hash is kept, or it is sealed.

What was valid when is in `valid_from_us` (inclusive) and `valid_to_us` (exclusive; null: open).
Units and agencies are effective-dated, one row a version, so other tables name them by code alone.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from littoral.store.tables import Json, metadata

# One row a version of a unit: a name or a parent that changed is a new row.
units = Table(
    "units",
    metadata,
    Column("code", String(24), primary_key=True),
    Column("valid_from_us", BigInteger, primary_key=True),
    Column("valid_to_us", BigInteger),
    Column("tier", String(20), nullable=False),  # province, city, township, village, grid
    Column("parent", String(24)),
    Column("name_zh", String(100), nullable=False),
    Column("name_en", String(100), nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
    Column("changed_by", String(200), nullable=False),
)
Index(None, units.c.parent)

agencies = Table(
    "agencies",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("valid_from_us", BigInteger, primary_key=True),
    Column("valid_to_us", BigInteger),
    Column("kind", String(40), nullable=False),  # police, customs, coast_guard, ...
    Column("unit", String(24), nullable=False),  # the area that it works for
    Column("name_zh", String(100), nullable=False),
    Column("name_en", String(100), nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
    Column("changed_by", String(200), nullable=False),
)

# Standing agreements: what of a unit's things another unit or agency may see.
sharings = Table(
    "sharings",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("unit", String(24), nullable=False, index=True),
    Column("shared_with", String(40), nullable=False),  # code of a unit or an agency
    Column("kind", String(40), nullable=False),  # of thing, such as incident; "*": any
    Column("reason", Text, nullable=False),
    Column("valid_from_us", BigInteger, nullable=False),
    Column("valid_to_us", BigInteger),
    Column("made_us", BigInteger, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("agency", String(40), nullable=False, server_default=""),  # whose things; "": any's
    Column("ended_by", String(200), nullable=False, server_default=""),
    Column("end_reason", Text, nullable=False, server_default=""),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(36), primary_key=True),  # UUIDv7
    Column("login", String(100), nullable=False, unique=True),  # folded, see accounts.fold_login
    Column("name", String(200), nullable=False),
    Column("status", String(20), nullable=False),  # invited, active, suspended
    Column("language", String(8), nullable=False),  # zh or en
    Column("created_us", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("changed_us", BigInteger, nullable=False),
    Column("changed_by", String(200), nullable=False),
    Column("reason", Text),  # of the suspension
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("role", String(40), nullable=False),
    Column("unit", String(24), nullable=False, index=True),
    Column("agency", String(40)),
    Column("valid_from_us", BigInteger, nullable=False),
    Column("valid_to_us", BigInteger),
    Column("granted_us", BigInteger, nullable=False),
    Column("granted_by", String(200), nullable=False),
    Column("ended_by", String(200)),
    # "local": stays whatever a provider says; an issuer: that provider's claims gave it; null: by
    # hand, and goes when a provider's claims do not name it.
    Column("source", String(300)),
)

# What gives a role, or would do to act as an account, and waits for a second person.
account_changes = Table(
    "account_changes",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),  # grant, link, reinstate, second_factors
    Column("document", Json, nullable=False),  # of a grant: the role
    Column("unit", String(24)),
    Column("agency", String(40)),
    Column("why", Text, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("proposed_by", String(200), nullable=False),
    Column("proposed_us", BigInteger, nullable=False),
    Column("decided_by", String(200)),
    Column("decided_us", BigInteger),
    Column("note", Text),
    Column("batch", String(36), index=True),  # of those that one import proposed; null: alone
)

# Entries that the log must hold, written with the change that they tell of; see outbox.py.
log_outbox = Table(
    "log_outbox",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("action", String(100), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("thing", String(200), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("address", String(45), nullable=False),
    Column("detail", Text, nullable=False),
    Column("tried_from", BigInteger),  # size of the log before it was appended
    # Of an act with more than these: verdict, purpose, case, legal basis, facts.
    Column("entry", Json),
)

# Passwords (hash), TOTP secrets (sealed), recovery codes (hash), passkeys (public key).
credentials = Table(
    "credentials",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),  # password, totp, recovery, passkey
    Column("name", String(100), nullable=False),
    Column("algorithm", String(40), nullable=False),
    Column("secret", Text, nullable=False),
    Column("identifier", String(1400), unique=True),  # a passkey's credential id
    Column("counter", BigInteger, nullable=False),  # last TOTP step or signature count used
    Column("confirmed_us", BigInteger),  # null: enrolment not finished
    Column("created_us", BigInteger, nullable=False),
    Column("last_used_us", BigInteger),
)

identities = Table(
    "identities",
    metadata,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("created_us", BigInteger, nullable=False),
    Column("last_used_us", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("assurance", String(20), nullable=False),  # password, totp, passkey, oidc
    Column("device", String(200), nullable=False),
    Column("address", String(45), nullable=False),  # the last one
    Column("created_us", BigInteger, nullable=False),
    Column("proved_us", BigInteger, nullable=False),  # last time that a credential was shown
    Column("seen_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("ended_us", BigInteger),
    Column("ended_by", String(200)),
)

# Invitations, resets and the link of the first start: single use, only the hash is kept.
links = Table(
    "links",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(20), nullable=False),  # first_start, invitation, reset
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account", ForeignKey("accounts.id"), index=True),
    Column("created_us", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("used_us", BigInteger),
)

# Between two steps of a sign-in: state of OpenID Connect, challenge of a passkey.
pending = Table(
    "pending_signins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("account", ForeignKey("accounts.id")),
    Column("document", Json, nullable=False),
    Column("expires_us", BigInteger, nullable=False, index=True),
)

# Failed attempts by account (hash of the login, whether it exists or not) and by address.
lockouts = Table(
    "lockouts",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_us", BigInteger, nullable=False, index=True),
    Column("locked_until_us", BigInteger, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("prefix", String(20), nullable=False, unique=True),
    Column("secret_hash", String(64), nullable=False),
    Column("algorithm", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("actions", Json, nullable=False),
    Column("unit", String(24), nullable=False),
    Column("agency", String(40)),
    Column("created_us", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("last_used_us", BigInteger),
    Column("last_address", String(45)),
    Column("ended_us", BigInteger),
    Column("ended_by", String(200)),
    Column("renews", String(36)),  # the key by which it was asked for
    Column("line", String(36), index=True),  # the first key of its line; null: it is the first
    Column("renewed_us", BigInteger),  # when it was renewed first; then it ends soon
)
