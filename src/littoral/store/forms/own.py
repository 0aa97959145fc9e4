"""Which values a form itself knows: of its choices, and words in its calculations. What else is
answered there comes from whoever answers, whatever the phone was to compute."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from littoral.store.forms.kinds import MOST_CHOICES, SELECTS
from littoral.store.forms.opening import XFORMS, local
from littoral.store.forms.xpath import literals

Own = Mapping[str, Collection[str]]
_LIST = re.compile(r"instance\(\s*['\"]([^'\"]+)['\"]\s*\)")


def own_values(xform: str, questions: Sequence[Mapping[str, Any]]) -> Own:
    """By path, of open questions that are chosen or computed. All choices, also where labels of
    the first few alone are kept."""
    found: dict[str, Collection[str]] = {}
    computed = [q["path"] for q in questions if q["open"] and q["kind"] == "calculate"]
    chosen = [q for q in questions if q["kind"] in SELECTS]
    long = [q["path"] for q in chosen if q["open"] and len(q["choices"]) >= MOST_CHOICES]
    if not computed and not long:
        return found
    root: Element = fromstring(xform, forbid_dtd=True)
    lists = _lists(root)
    for path in long:
        found[path] = _chosen(root, path, lists)
    words = {word for q in chosen for value, labels in q["choices"].items()
             for word in (value, *labels.values())}  # fmt: skip
    words |= {value for values in lists.values() for value in values}
    said = {b.get("nodeset"): b.get("calculate", "") for b in root.iter(f"{XFORMS}bind")}
    for path in computed:
        found[path] = words | set(literals(said.get(path, "")))
    return found


def _lists(root: Element) -> Mapping[str, set[str]]:
    """Values of the lists of choices, by their ids."""
    found: dict[str, set[str]] = {}
    for instance in root.iter(f"{XFORMS}instance"):
        if (name := instance.get("id")) is not None:
            values = found.setdefault(name, set())
            values |= {
                (e.text or "").strip() for item in instance.iter() if local(item.tag) == "item"
                for e in item if local(e.tag) == "name"
            }  # fmt: skip
    return found


def _chosen(root: Element, path: str, lists: Mapping[str, set[str]]) -> set[str]:
    """What may be chosen at a path: of its list, or as it stands in the control."""
    values: set[str] = set()
    for control in root.iter():
        if control.get("ref") != path:
            continue
        for itemset in control.iter(f"{XFORMS}itemset"):
            for name in _LIST.findall(itemset.get("nodeset") or ""):
                values |= lists.get(name, set())
        for item in control.iter(f"{XFORMS}item"):
            values |= {(e.text or "").strip() for e in item.iter(f"{XFORMS}value")}
    return values
