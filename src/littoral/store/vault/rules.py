"""Pure rules of cases, grants, break-glass and review: no clock, no database.

Who may ask at all (role, unit, area) the policy decides. These rules hold besides it and whatever
it says: they are about time, about the case, and about there being another person.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from littoral.access.words import AGENCIES, LEGAL_BASES, PURPOSES
from littoral.store.vault.entries import AccessDenied, Ask
from littoral.store.vault.fields import PERSONAL, SENSITIVE

READ = "read"
EXPORT = "export"
BREAK_GLASS = "break_glass"
KINDS = (READ, EXPORT, BREAK_GLASS)

ASKED = "asked"
ACTIVE = "active"
ENDED = "ended"

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
REVIEW_WITHIN_US = DAY_US
MIN_REASON = 6  # characters: enough to be a sentence in Chinese


@dataclass(frozen=True)
class Limits:
    """How long access lasts at most, by kind and class, and how much of it there is.

    A watch is twelve hours: access to ordinary fields does not outlast it without being stated
    again. `bulk_from`: an export of so many persons needs a second approver; those count too whom
    the account takes out under other grants of the case, or of any case within `bulk_within_us`, so
    that a bulk export is not asked for in single persons.

    `read_alone`: so many persons, and files that show persons, one account reads within
    `bulk_within_us` under grants that nobody else approved, over all cases; what goes beyond needs
    an approval. Enough for the crew of a boat and those who met them, too few for a register.

    `unreviewed`: so many uses of break-glass of one account wait for their review at a time; the
    next waits for one of these reviews, whatever is at stake, since anybody may say that life is.
    """

    read_us: int = 12 * HOUR_US
    sensitive_us: int = 8 * HOUR_US
    export_us: int = HOUR_US
    break_glass_us: int = HOUR_US
    read_things: int = 50
    export_things: int = 1000
    break_glass_things: int = 20
    unreviewed: int = 3
    read_alone: int = 20
    bulk_from: int = 2
    bulk_within_us: int = DAY_US
    searches: int = 20

    def longest_us(self, kind: str, data_class: str) -> int:
        if kind == EXPORT:
            return self.export_us
        if kind == BREAK_GLASS:
            return self.break_glass_us
        return self.sensitive_us if data_class == SENSITIVE else self.read_us

    def most_things(self, kind: str) -> int:
        return {EXPORT: self.export_things, BREAK_GLASS: self.break_glass_things}.get(
            kind, self.read_things
        )


@dataclass(frozen=True)
class CaseFacts:
    id: str
    purpose: str
    legal_basis: str
    open: bool


@dataclass(frozen=True)
class GrantFacts:
    id: str
    kind: str
    case: str
    who: str
    purpose: str
    legal_basis: str
    data_class: str
    requested_by: str
    from_us: int
    until_us: int
    state: str
    approvers: tuple[str, ...]


def check_words(purpose: str, legal_basis: str) -> None:
    if purpose not in PURPOSES:
        raise AccessDenied("purpose", f"{purpose!r} is no purpose")
    if legal_basis not in LEGAL_BASES:
        raise AccessDenied("legal_basis", f"{legal_basis!r} is no legal basis")


def check_agency(agency: str) -> None:
    """A case without an agency would be nobody's."""
    if agency not in AGENCIES:
        raise AccessDenied("agency", f"a case is of an agency, and {agency!r} is none")


def check_case(case: CaseFacts | None, ask: Ask) -> None:
    """The case is open and was opened for this purpose on this basis."""
    check_words(ask.purpose, ask.legal_basis)
    if case is None:
        raise AccessDenied("no_case", "personal data is reached only with a case")
    if not case.open:
        raise AccessDenied("case_closed", "the case is closed")
    if case.purpose != ask.purpose:
        raise AccessDenied("other_purpose", f"the case was opened for {case.purpose}")
    if case.legal_basis != ask.legal_basis:
        raise AccessDenied("other_basis", f"the case stands on {case.legal_basis}")


def check_collected_for(purpose: str, ask: Ask) -> None:
    """What was collected for one purpose serves another only where life or a court asks for it
    (PIPL Art. 6 and 14: a changed purpose needs a basis of its own)."""
    if purpose != ask.purpose and ask.legal_basis not in ("vital_interest", "court_order"):
        raise AccessDenied("other_purpose", f"it was collected for {purpose}")


def approvals_needed(
    kind: str, data_class: str, things: int, elsewhere: bool, limits: Limits
) -> int:
    """Of other persons. None to read ordinary fields of the case's own persons: stating purpose
    and case is the act. One for sensitive fields, for what lies `elsewhere` (named persons of
    another case, and a search, which reaches them), for more than one reads alone, and for every
    export, two for a bulk export. Break-glass asks nobody first; its review comes after. `things`:
    with those that count beside them."""
    if kind == BREAK_GLASS:
        return 0
    if kind == EXPORT:
        return 2 if things >= limits.bulk_from else 1
    return 1 if data_class == SENSITIVE or elsewhere or things > limits.read_alone else 0


def check_request(
    kind: str,
    data_class: str,
    things: int,
    whole_case: bool,
    now_us: int,
    until_us: int,
    limits: Limits,
) -> None:
    if kind not in KINDS:
        raise AccessDenied("kind", f"{kind!r} is no kind of access")
    if data_class not in (PERSONAL, SENSITIVE):
        raise AccessDenied("data_class", f"{data_class!r} is no class of personal data")
    if until_us <= now_us:
        raise AccessDenied("until", "the access would have ended already")
    longest = limits.longest_us(kind, data_class)
    if until_us - now_us > longest:
        raise AccessDenied("until", f"at most {longest / HOUR_US:g} hours; ask again after that")
    most = limits.most_things(kind)
    if things > most:
        raise AccessDenied("too_many", f"at most {most} in one grant, not {things}")
    if kind == EXPORT and whole_case:
        raise AccessDenied("scope", "an export names each person it takes out")


def check_approval(grant: GrantFacts, by: str, now_us: int) -> None:
    if grant.state != ASKED:
        raise AccessDenied("state", f"the grant is {grant.state}, nobody waits for an approval")
    if now_us >= grant.until_us:
        raise AccessDenied("expired", "the grant has ended before it was approved")
    if by in (grant.who, grant.requested_by):
        raise AccessDenied("same_person", "another person has to approve it")
    if by in grant.approvers:
        raise AccessDenied("same_person", "a second person has to approve it too")


def check_use(
    grant: GrantFacts, ask: Ask, now_us: int, data_class: str, kinds: Collection[str]
) -> None:
    """Whether the grant gives this now. Ends by itself: at `until_us` it gives nothing."""
    if grant.state != ACTIVE:
        raise AccessDenied("not_active", f"the grant is {grant.state}")
    if grant.who != ask.actor:
        raise AccessDenied("not_yours", "the grant is another person's")
    if grant.case != ask.case:
        raise AccessDenied("other_case", "the grant belongs to another case")
    if (grant.purpose, grant.legal_basis) != (ask.purpose, ask.legal_basis):
        raise AccessDenied("other_purpose", f"the grant is for {grant.purpose}")
    if now_us < grant.from_us:
        raise AccessDenied("not_yet", "the grant has not begun")
    if now_us >= grant.until_us:
        raise AccessDenied("expired", "the grant has ended")
    if grant.kind not in kinds:
        raise AccessDenied("kind", f"the grant is to {grant.kind}, not for this")
    if data_class == SENSITIVE and grant.data_class != SENSITIVE:
        raise AccessDenied("sensitive", "the grant does not reach sensitive fields")


def check_alone(things: int, limits: Limits) -> None:
    """Of what one account is shown within a time by grants that nobody else approved."""
    if things > limits.read_alone:
        raise AccessDenied(
            "alone",
            f"one reads {limits.read_alone} persons a day alone; ask for access to these, which "
            "another person approves",
        )


def check_unreviewed(waiting: int, limits: Limits) -> None:
    """Of the account's uses of break-glass that nobody has reviewed."""
    if waiting >= limits.unreviewed:
        raise AccessDenied(
            "unreviewed",
            f"{waiting} of your uses of break-glass wait for their review; once a lead of your "
            "agency, its data protection officer or an auditor has reviewed one, you may again",
        )


def check_reason(reason: str) -> None:
    if len(reason.strip()) < MIN_REASON:
        raise AccessDenied("reason", f"say why, in {MIN_REASON} characters or more")


def check_review(used_by: str, reviewer: str, done: bool) -> None:
    if done:
        raise AccessDenied("state", "the review is done")
    if used_by == reviewer:
        raise AccessDenied("same_person", "another person has to review it")
