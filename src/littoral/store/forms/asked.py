"""By which words the rows of a form ask about a person and for what is sensitive: in all that is
shown with them, in the groups and repeats around them, and in their choices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from littoral.respond.form.words import words
from littoral.store.forms.kinds import SELECTS, kind_of, list_of
from littoral.store.forms.workbook import Workbook, base_of

# Of a row: its name and what is shown with it, in any language.
_SHOWN = (
    "name", "tag", "value", "label", "caption", "hint", "guidance_hint", "constraint_message",
    "constraining_message", "required_message", "requiredmsg", "bind", "noapperrorstring",
    "no_app_error_string",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """The first word of each; empty for none."""

    personal: str = ""
    sensitive: str = ""

    def __or__(self, other: Asked) -> Asked:
        return Asked(self.personal or other.personal, self.sensitive or other.sensitive)


def asked_by_rows(book: Workbook) -> dict[int, Asked]:
    """By the number of the row in the survey; of a group, what all in it are asked by."""
    look = cache(lambda text: Asked(words().is_personal([text]), words().is_sensitive([text])))
    lists: dict[str, Asked] = {}
    for line in book.lines("choices"):
        name = line.of("list_name")
        for text in (line.of("name", "value"), *line.all_of("label", "caption").values()):
            lists[name] = lists.get(name, Asked()) | look(text)
    around = [Asked()]
    found = {}
    for line in book.lines("survey"):
        kind = kind_of(line)
        if kind.startswith("end "):
            if len(around) > 1:
                around.pop()
            continue
        here = Asked()
        for heading, text in line.cells.items():
            if base_of(heading) in _SHOWN:
                here |= look(text)
        here |= around[-1]
        if kind.startswith("begin "):
            around.append(here)
        elif kind in SELECTS:
            here |= lists.get(list_of(line), Asked())
        found[line.number] = here
    return found
