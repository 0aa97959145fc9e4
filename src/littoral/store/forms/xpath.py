"""Whether an expression of a form is one: the grammar of XPath 1.0 as XForms use it, no evaluation.

Grammar: XPath 1.0 (W3C 1999), sections 2 and 3, without variables; the phone's engine refuses the
whole form for one that is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_DEEP = 100
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<literal>"[^"]*"|'[^']*')
  | (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<op><=|>=|!=|//|::|\.\.|[=<>+\-*/|()\[\],@.])
  | (?P<name>[^\W\d][\w.\-]*(?::(?!:)[^\W\d][\w.\-]*)?)
)""",
    re.X,
)
_BINARY = ("or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "|")


class NoExpression(Exception):
    """What is wrong with it."""


def check_expression(text: str) -> None:
    """Raises NoExpression."""
    tokens = _tokens(text)
    if not tokens:
        raise NoExpression("it is empty")
    reader = _Reader(tokens)
    reader.expression(0)
    if reader.at < len(tokens):
        raise NoExpression(f"{tokens[reader.at][1]!r} is not expected")


def literals(text: str) -> list[str]:
    """Texts that stand in an expression; none of one that is no expression."""
    try:
        return [said[1:-1] for kind, said in _tokens(text) if kind == "literal"]
    except NoExpression:
        return []


def references(text: str) -> Iterator[str]:
    """Local names of what an expression that `check_expression` took may read, the parts above it
    left out; `*` where it reads what no name stands for: any node, a parent, all within one."""
    tokens = [("op", ""), *_tokens(text), ("op", "")]
    operand = False  # whether what stands before may be followed by an operator (section 3.7)
    for at, (kind, said) in enumerate(tokens[1:-1], 1):
        before, after = tokens[at - 1][1], tokens[at + 1][1]
        if operand and (said in _BINARY):
            operand = False
            continue
        if kind == "name" and after == "(":
            if said in _NODE_TESTS:
                yield "*"
        elif kind == "name":
            if after not in ("/", "::"):
                yield said.rpartition(":")[2]
        elif kind == "op" and (
            said == "*"
            or (said == ".." and after != "/")
            or (said == "." and before in ("/", "//") and after != "/")
            or (said in ("/", "//") and not _goes_on(tokens[at + 1]))
        ):
            yield "*"
        operand = kind != "op" or said in (")", "]", ".", "..", "*")


def _goes_on(token: tuple[str, str]) -> bool:
    return token[0] == "name" or token[1] in (".", "..", "@", "*")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise NoExpression(f"{text[at:].strip()[:20]!r} is not expected")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at = tokens, 0

    def seen(self, *wanted: str) -> bool:
        """Whether the next is one of these signs or words; literals are none."""
        if self.at >= len(self.tokens):
            return False
        kind, text = self.tokens[self.at]
        return kind in ("op", "name") and text in wanted

    def take(self, wanted: str) -> bool:
        if self.seen(wanted):
            self.at += 1
            return True
        return False

    def need(self, wanted: str) -> None:
        if not self.take(wanted):
            raise NoExpression(f"{wanted!r} is missing{self._before()}")

    def _before(self) -> str:
        return f" before {self.tokens[self.at][1]!r}" if self.at < len(self.tokens) else ""

    def expression(self, deep: int) -> None:
        if deep > MOST_DEEP:
            raise NoExpression("it is nested too deep")
        while True:
            while self.take("-"):
                pass
            self.path(deep)
            if not self.seen(*_BINARY):
                return
            self.at += 1

    def path(self, deep: int) -> None:
        """A location path, or something else that may be followed by one."""
        if self.at >= len(self.tokens):
            raise NoExpression("something is missing at its end")
        kind, text = self.tokens[self.at]
        if self.seen("/", "//"):
            self.at += 1
            if text == "/" and not self._steps_begin():
                return
            self.steps(deep)
            return
        is_call = kind == "name" and self.tokens[self.at + 1 : self.at + 2] == [("op", "(")]
        if kind in ("literal", "number") or text == "(" or (is_call and text not in _NODE_TESTS):
            self.primary(deep)
            self.predicates(deep)
            if not self.seen("/", "//"):
                return
            self.at += 1
        self.steps(deep)

    def primary(self, deep: int) -> None:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind in ("literal", "number"):
            return
        if text == "(":
            self.expression(deep + 1)
            self.need(")")
            return
        self.need("(")
        if self.take(")"):
            return
        self.expression(deep + 1)
        while self.take(","):
            self.expression(deep + 1)
        self.need(")")

    def _steps_begin(self) -> bool:
        if self.at >= len(self.tokens):
            return False
        kind, text = self.tokens[self.at]
        return (kind == "name" and text not in ("and", "or", "div", "mod")) or text in (
            ".", "..", "@", "*",
        )  # fmt: skip

    def steps(self, deep: int) -> None:
        while True:
            self.step(deep)
            if not self.seen("/", "//"):
                return
            self.at += 1

    def step(self, deep: int) -> None:
        if self.take(".") or self.take(".."):
            self.predicates(deep)
            return
        self.take("@")
        text = self.node_test()
        if self.take("::"):  # what stood before was an axis: there is one
            text = self.node_test()
        if text in _NODE_TESTS and self.take("("):
            self.need(")")
        self.predicates(deep)

    def node_test(self) -> str:
        if self.at >= len(self.tokens):
            raise NoExpression("something is missing at its end")
        kind, text = self.tokens[self.at]
        if kind != "name" and text != "*":
            raise NoExpression(f"{text!r} is not expected")
        self.at += 1
        return text

    def predicates(self, deep: int) -> None:
        while self.take("["):
            self.expression(deep + 1)
            self.need("]")


_NODE_TESTS = frozenset({"node", "text", "comment"})
