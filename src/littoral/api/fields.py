"""Types of response fields that several resources share."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field, StringConstraints

Item = TypeVar("Item")

# Written by `wire.iso`; typed as text so that nothing is parsed and printed again.
Time = Annotated[
    str,
    Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-24T07:40:03.120Z"]),
]

# Number of an order or decision; a NUL is in none and no database takes it.
Document = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$"),
]

Agency = Literal[
    "police", "coast_police", "customs", "coast_guard", "border_inspection", "health",
    "local_government", "maritime", "oversight", "platform",
]  # fmt: skip

Purpose = Literal[
    "anti_smuggling", "search_and_rescue", "emergency", "safety_at_sea", "epidemic_control",
    "border_control", "neighbourhood_governance", "oversight", "system_operation",
]  # fmt: skip
Basis = Literal[
    "statutory_duty", "public_health_emergency", "vital_interest", "consent", "court_order"
]


class Page(BaseModel, Generic[Item]):
    """One page of a list. `next_cursor` is null on the last page."""

    items: list[Item]
    next_cursor: str | None


class Feature(BaseModel):
    """RFC 7946, section 3.2."""

    type: str = Field("Feature", pattern="^Feature$")
    id: str | int | None = None
    geometry: dict[str, Any] | None
    properties: dict[str, Any] | None


class FeatureCollection(BaseModel):
    """RFC 7946, section 3.3."""

    type: str = Field("FeatureCollection", pattern="^FeatureCollection$")
    features: list[Feature]
