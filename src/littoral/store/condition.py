"""A filter of the policies as a condition of a database query (the same in access/mask.py over
columns in memory): so a list page is answered by one query, not by one decision a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from littoral.access.filter import And, Const, Filter, Holds, In, Not, Or

Condition = sa.ColumnElement[bool]


def condition_of(
    found: Filter,
    scalars: Mapping[str, sa.ColumnElement[str]],
    holds: Callable[[str, frozenset[str]], Condition],
) -> Condition:
    """`scalars`: the column of each single-valued attribute of a thing; none of them may be null.
    `holds(attribute, codes)`: whether its set holds one of them. KeyError for an attribute that the
    table has no column for."""
    match found:
        case Const(value):
            return sa.true() if value else sa.false()
        case In(attribute, values):
            return scalars[attribute].in_(sorted(values))
        case Holds(attribute, values):
            return holds(attribute, values)
        case Not(part):
            return sa.not_(condition_of(part, scalars, holds))
        case And(parts):
            return sa.and_(*(condition_of(part, scalars, holds) for part in parts))
        case Or(parts):
            return sa.or_(*(condition_of(part, scalars, holds) for part in parts))
    raise TypeError(f"no filter: {found!r}")
