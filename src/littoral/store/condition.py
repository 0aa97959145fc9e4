"""A filter of the policies as a condition of a database query (the same in access/mask.py over
columns in memory): so a list page is answered by one query, not by one decision a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from littoral.access.filter import And, Const, Filter, Holds, In, Not, Or

Condition = sa.ColumnElement[bool]
# The codes with those of all units within them, by the organisation as it is.
Within = Callable[[Iterable[str]], frozenset[str]]
# A statement takes some ten thousand parameters at most, and is slow with many.
MANY = 100


def alone(codes: Iterable[str]) -> frozenset[str]:
    """Where no organisation is known: nothing lies within anything."""
    return frozenset(codes)


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


def one_of(column: sa.ColumnElement[str], codes: frozenset[str]) -> Condition:
    """As `column.in_`, for thousands of codes too."""
    if len(codes) <= MANY:
        return column.in_(sorted(codes))
    texts = _Texts(sa.literal(_as_json(codes))).table_valued("value")
    return column.in_(sa.select(texts.c.value))


@lru_cache(maxsize=64)
def _as_json(codes: frozenset[str]) -> str:
    """Kept, since the units within a province are asked for in every list of who works there."""
    return orjson.dumps(sorted(codes)).decode()


class _Texts(FunctionElement[str]):
    """The texts of a JSON array, as a table with one column, `value`."""

    inherit_cache = True
    name = "texts"


@compiles(_Texts, "sqlite")
def _sqlite(element: _Texts, compiler: Any, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(_Texts, "postgresql")
def _postgresql(element: _Texts, compiler: Any, **more: Any) -> str:
    return f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **more)} AS JSONB))"
