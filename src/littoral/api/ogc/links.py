"""Links, and parameters that nobody declared."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request

from littoral.api.problems import bad_parameter

ROOT = "/ogc"


def base_url(request: Request) -> str:
    """Address of `/ogc` as the client reached it; the guard has checked the host."""
    return f"{request.url.scheme}://{request.headers['host']}{ROOT}"


def link(href: str, rel: str, media_type: str, title: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def with_query(url: str, values: dict[str, str]) -> str:
    return f"{url}?{urlencode(values)}" if values else url


def refuse_unknown(request: Request, known: frozenset[str] = frozenset()) -> None:
    """17-069r4, requirement 8: a parameter that the definition does not list answers 400."""
    for name in request.query_params:
        if name not in known:
            raise bad_parameter(name, "is no parameter of this resource")
