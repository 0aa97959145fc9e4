"""Tables of forms. Changed only with a migration."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from littoral.store.tables import Json, metadata

# One upload of one form. `xlsx` is the file as it came, `xform` what it was converted to.
form_versions = Table(
    "form_versions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("unit", String(40), nullable=False),
    Column("agency", String(40), nullable=False),  # a kind
    Column("form_id", String(100), nullable=False),
    Column("version", String(50), nullable=False),
    Column("title", String(200), nullable=False),
    Column("purpose", String(40), nullable=False),  # for which its answers are kept
    Column("is_open", Boolean, nullable=False),
    Column("questions", Json, nullable=False),
    Column("warnings", Json, nullable=False),
    Column("xform", Text, nullable=False),
    Column("sha256", String(64), nullable=False),  # of the xform
    Column("file_name", String(200), nullable=False),
    Column("xlsx", LargeBinary, nullable=False),
    Column("by", String(200), nullable=False),
    Column("uploaded_us", BigInteger, nullable=False),
    Column("from_us", BigInteger),  # in force from then on; null: not published
    Column("published_by", String(200)),
    Column("retired_us", BigInteger),
    Column("retired_by", String(200)),
)
Index(
    None, form_versions.c.unit, form_versions.c.agency, form_versions.c.form_id,
    form_versions.c.version, unique=True,
)  # fmt: skip

# What was handed in by a form. The answers lie in evidence custody; what of them may be listed is
# sealed under the key of that evidence, so that it ends with it.
form_submissions = Table(
    "form_submissions",
    metadata,
    Column("id", String(36), primary_key=True),  # of the phone's record
    Column("form_version", String(36), nullable=False),
    Column("unit", String(40), nullable=False),  # the desk before which it comes
    Column("place", String(40), nullable=False),  # the unit of who handed it in
    Column("agency", String(40), nullable=False),
    Column("account", String(200), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("evidence_id", String(36), nullable=False),
    Column("data_class", String(20), nullable=False),
    Column("open_answers", LargeBinary, nullable=False),  # empty once erased
    # By which rules its answers were read (`reading.READ_AS`); 0: of before there were any.
    Column("read_as", Integer, nullable=False, server_default=text("0")),
)
Index(None, form_submissions.c.unit, form_submissions.c.received_us)
Index(None, form_submissions.c.evidence_id)
Index(None, form_submissions.c.read_as)

form_files = Table(
    "form_files",
    metadata,
    Column("record", String(36), primary_key=True),
    Column("submission", String(36), nullable=False),
    Column("evidence_id", String(36), nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
)
Index(None, form_files.c.submission)

# The case in which what is handed in by a form is kept: one for each desk and month.
form_cases = Table(
    "form_cases",
    metadata,
    Column("form_id", String(100), primary_key=True),
    Column("unit", String(40), primary_key=True),
    Column("agency", String(40), primary_key=True),
    Column("purpose", String(40), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("case_id", String(36), nullable=False),
)
