"""Findings to alerts: one alert a cause, versions, provisional, confirmed, withdrawn.

The rules are in docs/life-of-an-alert.md. The ledger holds what was last said of each alert; it
writes nothing itself and returns the rows that changed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from littoral.engine.core import Rule
from littoral.engine.holding import Holding
from littoral.schema.finding import CONFIRMED, PROVISIONAL, WITHDRAWN, Finding
from littoral.store.alert_rows import content_hash

DISPROVED = "settled data did not bear it out · 后到的数据未证实"

KEEP_US = 2 * 86_400_000_000  # alerts that ended longer ago leave memory
UNKNOWN_US = 1 << 62

Row = dict[str, Any]


def plain(value: Any) -> Any:
    """A fact as JSON has it: compiled code gives NumPy numbers; NaN is null; six places suffice."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return None if value != value else round(value, 6)
    return value


def make_row(
    finding: Finding, rule: Rule, settings: dict[str, Any], names: Mapping[str, str], state: str
) -> Row:
    """The alert that a finding stands for, as stored and as JSON but for times in microseconds;
    `settings` are the rule's as plain values, shared by its rows."""
    detector = rule.detector
    things = [
        {
            "ref": t,
            "label": names.get(t, t),
            "mmsi": int(t[7:].split("-", 1)[0]) if t.startswith("vessel:") else None,
        }
        for t in finding.things
    ]
    facts = {k: plain(v) for k, v in sorted(finding.facts.items())}
    return {
        "id": finding.alert_id(),
        "rule": finding.rule,
        "version": finding.version,
        "profile": rule.profile.name,
        "settings_version": rule.settings_version,
        "kind": finding.kind,
        "state": state,
        "withdrawn_reason": None,
        "priority": int(finding.priority),
        "start_us": int(finding.start_us),
        "end_us": None if finding.end_us is None else int(finding.end_us),
        "updated_us": int(finding.updated_us),
        "lon": None if finding.lon_deg is None else round(float(finding.lon_deg), 7),
        "lat": None if finding.lat_deg is None else round(float(finding.lat_deg), 7),
        "things": things,
        "sentence": {lang: detector.sentence(finding, names, lang) for lang in ("zh", "en")},
        "facts": facts,
        "settings": settings,
        "evidence": [int(o) for o in finding.evidence],
        "held_by": finding.held_by,
    }


class Ledger:
    """What is known of every alert: the last settled row, and what was shown ahead of it."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.use(rules)
        self._settled: dict[str, Row] = {}
        self._ahead: dict[str, Row] = {}
        # Of each row shown ahead, the end of the slice that gave it: once that is settled, the same
        # must have come again. It is not `updated_us`: a rule may wait before it tells.
        self._due_us: dict[str, int] = {}
        self._holding = Holding()

    def use(self, rules: tuple[Rule, ...]) -> None:
        """The rules that give the findings from now on."""
        self._by = rules
        self._rules = {r.detector.name: (r, dataclasses.asdict(r.profile.settings)) for r in rules}

    def restore(self, settled: Iterable[Row], ahead: Iterable[Row], hidden: Iterable[Row]) -> None:
        """Take up after a restart what the records hold, and what `hidden` gave before it."""
        self._settled = {r["id"]: r for r in settled}
        self._ahead = {r["id"]: r for r in ahead}
        self._due_us = dict.fromkeys(self._ahead, UNKNOWN_US)
        for row in hidden:
            before = self._settled.get(row["id"])
            if before is None or before["updated_us"] < row["updated_us"]:
                self._settled[row["id"]] = row
        self._holding.learn((*self._settled.values(), *self._ahead.values()))

    def hidden(self) -> list[Row]:
        """Settled rows that the records may lack, since something further ahead is shown."""
        return [self._settled[k] for k in self._ahead if k in self._settled]

    def settle(
        self,
        findings: Iterable[Finding],
        names: Mapping[str, str],
        until_us: int,
        rules: tuple[Rule, ...] | None = None,
    ) -> list[Row]:
        """Rows to write for the findings of settled slices that end at `until_us`, given by
        `rules` where these have changed."""
        if rules is not None and rules is not self._by:
            self.use(rules)
        last = {f.alert_id(): f for f in findings}  # a later finding of one key replaces it
        rows = {
            key: make_row(finding, *self._rules[finding.rule], names, CONFIRMED)
            for key, finding in last.items()
        }
        changed = self._hold_earlier(rows) if self._holding.learn(rows.values()) else []
        for key, row in rows.items():
            row = self._holding.hold(row)
            said = content_hash(row)
            before = self._settled.get(key)
            if before is not None and content_hash(before) == said:
                row = {**before, "updated_us": row["updated_us"]}  # no news: what was said stands
            self._settled[key] = row
            shown = self._ahead.get(key)
            if shown is not None and content_hash(shown) != said and self._due_us[key] > until_us:
                continue  # what is shown looks further ahead; it is judged when its slice settles
            self._drop(key)
            seen = shown or before
            if seen is None or seen["state"] != CONFIRMED or content_hash(seen) != said:
                changed.append(row)
        return changed + self._take_back(until_us)

    def _hold_earlier(self, rows: Mapping[str, Row]) -> list[Row]:
        """What was told before its cause was known, held; what comes with `rows` will be."""
        changed = []
        for key, before in self._settled.items():
            row = self._holding.hold(before)
            if row is not before and key not in rows:
                self._settled[key] = row
                if key not in self._ahead:
                    changed.append(row)
        return changed

    def _take_back(self, until_us: int) -> list[Row]:
        """What was shown ahead and has not come again although its time is settled."""
        changed = []
        for key in [k for k, due_us in self._due_us.items() if due_us <= until_us]:
            shown = self._drop(key)
            settled = self._settled.get(key)
            if settled is None:
                self._holding.forget((key,))
                changed.append({**shown, "state": WITHDRAWN, "withdrawn_reason": DISPROVED})
            else:
                changed.append(settled)
        return changed

    def _drop(self, key: str) -> Row:
        self._due_us.pop(key, None)
        return self._ahead.pop(key, {})

    def look_ahead(
        self,
        found: Iterable[tuple[int, Finding]],
        names: Mapping[str, str],
        now_us: int,
        rules: tuple[Rule, ...] | None = None,
    ) -> list[Row]:
        """Rows to write for what the run over pending reports found up to `now_us`, each with the
        end of the slice that gave it; by `rules` where these have changed."""
        if rules is not None and rules is not self._by:
            self.use(rules)
        changed = []
        last = {finding.alert_id(): (end_us, finding) for end_us, finding in found}
        for key, (end_us, finding) in last.items():
            shown = self._ahead.get(key)
            seen = shown or self._settled.get(key)
            row = make_row(finding, *self._rules[finding.rule], names, PROVISIONAL)
            self._holding.learn((row,))
            row = self._holding.hold(row)
            is_news = seen is None or content_hash(seen) != content_hash(row)
            if is_news:
                self._ahead[key] = row
                changed.append(row)
            if is_news or shown is not None:
                self._due_us[key] = end_us
        for key in [k for k, due_us in self._due_us.items() if due_us == UNKNOWN_US]:
            self._due_us[key] = now_us  # shown before a restart and not found again
        return changed

    def forget_before(self, event_us: int) -> list[Row]:
        """Settled alerts that ended and were last touched before `event_us`, taken out of memory.
        What goes on stays, since its end must find it."""
        old = [
            k
            for k, r in self._settled.items()
            if k not in self._ahead
            and r["end_us"] is not None
            and max(r["updated_us"], r["end_us"]) < event_us
        ]
        self._holding.forget(old)
        return [self._settled.pop(k) for k in old]

    def settled_rows(self) -> list[Row]:
        """Every alert still in memory as settled."""
        return list(self._settled.values())
