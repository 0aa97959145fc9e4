"""Tables of the vault and of evidence; changed only with a migration.

No column holds a personal value in clear: what a person wrote or is called is sealed. Ids are
opaque, times UTC microseconds.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from littoral.store.tables import Json, metadata

ID = String(36)

cases = Table(
    "vault_cases",
    metadata,
    Column("id", ID, primary_key=True),
    Column("title", LargeBinary),  # sealed under the case's key; null once erased
    Column("purpose", String(40), nullable=False),
    Column("legal_basis", String(40), nullable=False),
    Column("unit", String(80), nullable=False),
    Column("opened_by", String(200), nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    Column("closed_by", String(200)),
    Column("closed_us", BigInteger),
    Column("state", String(20), nullable=False),  # open, closed, erased
    Column("key_id", ID, nullable=False),
    Column("algorithm", String(40), nullable=False),
    # Null: of before cases had one, and not certain whose: nobody works in it.
    Column("agency", String(40)),
)

subjects = Table(
    "vault_subjects",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(40), nullable=False),  # person, crew_member, reporter, contact
    Column("purpose", String(40), nullable=False),  # what it was collected for
    Column("case_id", ForeignKey("vault_cases.id"), nullable=False, index=True),
    Column("key_id", ID, nullable=False, unique=True),
    Column("created_us", BigInteger, nullable=False),
    Column("erased_us", BigInteger),
)

fields = Table(
    "vault_fields",
    metadata,
    Column("subject_id", ForeignKey("vault_subjects.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("data_class", String(20), nullable=False),
    Column("algorithm", String(40), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
)

# Keyed hashes of searchable values: equal values of one purpose have equal tokens.
tokens = Table(
    "vault_tokens",
    metadata,
    Column("subject_id", ForeignKey("vault_subjects.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("index_key_id", ID, nullable=False),
    Column("token", LargeBinary, nullable=False),
)
Index(None, tokens.c.token)

# Numbers of persons that stand in the answers to a form, by the evidence in which the answers lie:
# sealed under its key, and found as the values of persons are.
answer_numbers = Table(
    "vault_answer_numbers",
    metadata,
    Column("evidence_id", ForeignKey("evidence.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", String(40), nullable=False),  # id_number, phone
    Column("index_key_id", ID, nullable=False),
    Column("token", LargeBinary, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
)
Index(None, answer_numbers.c.token)

# Keys that belong to no person or case: `index/<purpose>`, `log`.
named_keys = Table(
    "vault_named_keys",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("key_id", ID, nullable=False),
    Column("made_us", BigInteger, nullable=False),
)

grants = Table(
    "vault_grants",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(20), nullable=False),  # read, export, break_glass
    Column("case_id", ForeignKey("vault_cases.id"), nullable=False, index=True),
    Column("who", String(200), nullable=False, index=True),
    Column("purpose", String(40), nullable=False),
    Column("legal_basis", String(40), nullable=False),
    Column("data_class", String(20), nullable=False),
    Column("whole_case", Boolean, nullable=False),
    Column("search_fields", Json, nullable=False),
    Column("searches", Integer, nullable=False),
    Column("requested_by", String(200), nullable=False),
    Column("requested_us", BigInteger, nullable=False),
    Column("reason", LargeBinary),  # sealed under the case's key
    Column("from_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False),
    Column("needs", Integer, nullable=False),
    Column("approvals", Json, nullable=False),  # accounts that approved, in order
    Column("state", String(20), nullable=False),
    Column("ended_by", String(200)),
    Column("ended_us", BigInteger),
)

# Subjects and evidence in the scope of a grant, and whether it was made use of.
grant_things = Table(
    "vault_grant_things",
    metadata,
    Column("grant_id", ForeignKey("vault_grants.id"), primary_key=True),
    Column("thing", ID, primary_key=True),
    Column("how", String(20), nullable=False),  # named, found, case
    Column("shown_us", BigInteger),
)

reviews = Table(
    "vault_reviews",
    metadata,
    Column("id", ID, primary_key=True),
    Column("grant_id", ForeignKey("vault_grants.id"), nullable=False, unique=True),
    Column("used_by", String(200), nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    Column("due_us", BigInteger, nullable=False),
    Column("reviewer", String(200)),
    Column("reviewed_us", BigInteger),
    Column("finding", String(20)),  # justified, not_justified
    Column("note", LargeBinary),  # sealed under the case's key
)

holds = Table(
    "vault_holds",
    metadata,
    Column("id", ID, primary_key=True),
    Column("thing", ID, nullable=False, index=True),  # a case, a subject, an evidence
    Column("legal_basis", String(40), nullable=False),
    Column("document", String(200), nullable=False),  # number of the order that asks for it
    Column("set_by", String(200), nullable=False),
    Column("set_us", BigInteger, nullable=False),
    Column("released_by", String(200)),
    Column("released_us", BigInteger),
    Column("released_basis", String(40)),  # null with the next: of before a release named them
    Column("released_document", String(200)),
)

# Keys destroyed on purpose; the log has the same list.
erasures = Table(
    "vault_erasures",
    metadata,
    Column("key_id", ID, primary_key=True),
    Column("thing", ID, nullable=False),
    Column("kind", String(20), nullable=False),  # subject, case, evidence, index
    Column("reason", String(40), nullable=False),
    Column("destroyed_us", BigInteger, nullable=False),
)

# What a person asked to have erased, until two persons have agreed: a record of a person, or the
# answers to a form.
erasure_requests = Table(
    "vault_erasure_requests",
    metadata,
    Column("id", ID, primary_key=True),
    Column("subject_id", ForeignKey("vault_subjects.id"), index=True),  # null: answers
    Column("case_id", ForeignKey("vault_cases.id"), nullable=False),
    Column("reason", String(40), nullable=False),  # request, court_order, mistake
    Column("why", LargeBinary),  # sealed under the case's key; null once that is erased
    Column("state", String(20), nullable=False),  # waiting, agreed, made, refused, taken_back
    Column("requested_by", String(200), nullable=False),
    Column("requested_us", BigInteger, nullable=False),
    Column("decided_by", String(200)),
    Column("decided_us", BigInteger),
    Column("note", LargeBinary),  # sealed under the case's key
    Column("log_index", BigInteger),  # of the proof
    Column("document", String(200)),  # number of the order; null: none, and none of a court
    Column("evidence_id", ForeignKey("evidence.id"), index=True),  # null: a person
)

purpose_ends = Table(
    "vault_purpose_ends",
    metadata,
    Column("id", ID, primary_key=True),
    Column("purpose", String(40), nullable=False),
    Column("ended_us", BigInteger, nullable=False),
    Column("ended_by", String(200), nullable=False),
    Column("agency", String(40)),  # null: of all agencies, from before each ended its own
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ForeignKey("vault_cases.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("salt", LargeBinary, nullable=False),  # sealed; opens the commitment in the log
    Column("commitment", String(64), nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("data_class", String(20), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("about", LargeBinary),  # sealed JSON: file name, note, when and where taken
    Column("added_by", String(200), nullable=False),
    Column("added_us", BigInteger, nullable=False),
    Column("key_id", ID, nullable=False, unique=True),
    Column("algorithm", String(40), nullable=False),
    Column("erased_us", BigInteger),
)
Index(None, evidence.c.case_id, evidence.c.sha256)

custody = Table(
    "evidence_custody",
    metadata,
    Column("evidence_id", ForeignKey("evidence.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("document", Json, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("log_index", BigInteger),
)

# Impact assessments. About the processing, not about a person: their texts are in clear.
assessments = Table(
    "vault_assessments",
    metadata,
    Column("id", ID, primary_key=True),
    Column("replaces", ForeignKey("vault_assessments.id"), index=True),
    Column("version", Integer, nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("unit", String(80), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("what", Json, nullable=False),  # fields by name, evidence, answers
    Column("necessity", Text, nullable=False),
    Column("impact", Text, nullable=False),
    Column("measures", Text, nullable=False),
    Column("begins_us", BigInteger, nullable=False),
    Column("ends_us", BigInteger, nullable=False),
    Column("written_by", String(200), nullable=False),
    Column("written_us", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),  # waiting, agreed, refused, taken_back, lapsed
    Column("decided_by", String(200)),
    Column("decided_us", BigInteger),
    Column("remark", Text),  # of whoever decided
    Column("from_us", BigInteger),  # in force from then on; null: nobody agreed
    Column("replaced_us", BigInteger),  # from then on the next version is
)
Index(None, assessments.c.purpose, assessments.c.agency)
