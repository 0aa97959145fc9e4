"""What no impact assessment covers is not given: said with the purpose, the unit and who can write
one. Whether it is covered the vault decides (`store.vault.assessments`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from littoral.api.called import AGENCIES, PURPOSES
from littoral.api.gate import Gate, areas_of
from littoral.api.names import place_name
from littoral.api.problems import ProblemError
from littoral.store.vault.assessments import Unassessed


def above(gate: Gate, unit: str) -> tuple[str, ...]:
    """The unit's code and those of all above it: the assessments of each cover it."""
    return areas_of(gate, unit)


@contextmanager
def assessed(gate: Gate) -> Iterator[None]:
    """Raises a 409 problem for what no assessment covers."""
    try:
        yield
    except Unassessed as error:
        raise unassessed(gate, error) from error


def unassessed(gate: Gate, error: Unassessed) -> ProblemError:
    zh, en = _sentence(gate, error)
    more = {
        "code": error.code, "purpose": error.purpose, "unit": error.unit, "agency": error.agency,
        "reason": {"zh": zh, "en": en},
    }  # fmt: skip
    return ProblemError(409, en, more=more)


def _sentence(gate: Gate, error: Unassessed) -> tuple[str, str]:
    place = place_name(gate.people.directory.organisation(), error.unit)
    at = place or {"zh": error.unit, "en": error.unit}
    purpose_zh, purpose_en = PURPOSES.get(error.purpose, (error.purpose, error.purpose))
    agency_zh, agency_en = AGENCIES.get(error.agency, ("（无部门）", "no agency"))
    zh = (
        f"{at['zh']}（{agency_zh}）以“{purpose_zh}”为目的处理敏感个人信息，尚无生效的个人信息保护影响评估。"
        "请本部门在该单位或其上级的个人信息保护负责人在“监督”页的“影响评估”中撰写，并由第二人同意。"
    )
    en = (
        f"No impact assessment in force covers sensitive data for {purpose_en} in {at['en']} "
        f"({agency_en}). A data protection officer of that agency, there or above, writes one "
        "under Oversight, Impact assessments, and another person agrees."
    )
    return zh, en
