"""Which answers may be listed, told by the XForm: what a question takes, and what a value is
computed from. And what an XForm may hold at all, whatever the headings of the workbook said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from littoral.store.forms.xpath import NoExpression, check_expression, references

XFORMS = "{http://www.w3.org/2002/xforms}"
JAVAROSA = "{http://openrosa.org/javarosa}"
_MODEL = frozenset({"instance", "bind", "itext", "setvalue"})
_BODY = frozenset({
    "group", "repeat", "input", "select", "select1", "rank", "range", "trigger", "upload", "label",
    "hint", "item", "itemset", "value", "copy", "output", "setvalue",
})  # fmt: skip
_PRELOADS = {"uid": ("",), "timestamp": ("start", "end"), "date": ("today",)}
_CHOSEN = frozenset({"select", "select1", "rank"})
_COUNTED = frozenset({"int", "decimal", "date", "time", "dateTime"})


META = "/data/meta"


def in_meta(path: str) -> bool:
    """Of what ODK adds to every form. By whole names: metal is another than meta."""
    return path == META or path.startswith(f"{META}/")


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def not_taken(root: Element) -> Iterator[str]:
    """What is in an XForm that this server does not take."""
    for element in root.iter():
        name = local(str(element.tag))
        if name == "submission":
            yield "an address to which it is sent (submission)"
        if element.tag == f"{XFORMS}instance" and element.get("src") is not None:
            yield "data in a file beside the form, or at another address (instance)"
        if "jr://" in (element.text or "") or any("jr://" in v for v in element.attrib.values()):
            yield "a file beside the form (jr://)"
        preload = element.get(f"{JAVAROSA}preload")
        params = element.get(f"{JAVAROSA}preloadParams", "")
        if preload is not None and params not in _PRELOADS.get(preload, ()):
            yield f"what the phone knows of itself ({preload} {params})"[:100]
    for model in root.iter(f"{XFORMS}model"):
        yield from (f"the part {local(e.tag)!r}" for e in model if local(e.tag) not in _MODEL)
    for body in root:
        if local(body.tag) == "body":
            names = [local(str(e.tag)) for e in body.iter() if e is not body]
            yield from (f"the part {n!r}" for n in dict.fromkeys(names) if n not in _BODY)


@dataclass
class _Node:
    """What the XForm says of one answer."""

    type: str = ""
    control: str = ""
    choices: list[str] = field(default_factory=list)  # where a list of choices comes from
    computed: list[str] = field(default_factory=list)  # expressions that give it a value


def not_open(
    root: Element, declared: Collection[str], all_paths: Collection[str]
) -> dict[str, str]:
    """Of the paths that are declared open those that are not to be, and why."""
    nodes = _nodes(root)
    refused = {p: why for p in declared if (why := _room(nodes.get(p, _Node())))}
    opened = set(declared) - set(refused)
    by_name: dict[str, list[str]] = {}
    for path in all_paths:
        parts = path.split("/")[1:]
        by_name.setdefault(parts[-1], []).append(path)
        for part in parts[:-1]:  # a group read as a text is all that is in it
            by_name.setdefault(f"{part}//", []).append(path)
    while True:
        found = {
            path: f"it is computed from what is not open ({of})"
            for path in opened
            if (of := _sealed(nodes.get(path, _Node()).computed, opened, by_name))
        }
        if not found:
            return refused
        refused |= found
        opened -= set(found)


def _nodes(root: Element) -> Mapping[str, _Node]:
    found: dict[str, _Node] = {}
    for element in root.iter():
        name = local(str(element.tag))
        path = element.get("nodeset") if name == "bind" else element.get("ref")
        if not path or name not in (*_CHOSEN, "bind", "setvalue", "input", "range", "trigger"):
            continue
        node = found.setdefault(path, _Node())
        if name == "bind":
            node.type = element.get("type") or "string"
            if (said := element.get("calculate")) is not None:
                node.computed.append(said)
        elif name == "setvalue":
            node.computed.append(element.get("value") or "''")
        else:
            node.control = name
            node.choices += [e.get("nodeset") or "" for e in element.iter(f"{XFORMS}itemset")]
    return found


def _room(node: _Node) -> str:
    """Why its answer may be any text; empty where it is one of few, a number or a time."""
    if node.control in _CHOSEN:
        ours = ("instance(", "randomize(instance(")
        if all(said.startswith(ours) for said in node.choices):
            return ""
        return "its choices come from answers"
    if node.control in ("range", "trigger") or (node.control and node.type in _COUNTED):
        return ""
    if not node.control and (node.computed or node.type in _COUNTED):
        return ""
    return "its answer may be any text"


def _sealed(
    expressions: Collection[str], opened: Collection[str], by_name: Mapping[str, list[str]]
) -> str:
    """The first that an expression reads and that is not open; empty for none."""
    for said in expressions:
        try:
            check_expression(said)
            names = list(references(said))
        except NoExpression:
            return "an expression"
        for name in names:
            if name == "*":
                return "all of a part"
            for path in (*by_name.get(name, ()), *by_name.get(f"{name}//", ())):
                if path not in opened:
                    return path
    return ""
