"""The settings by which each rule judges, and since when: what people changed, over the profile.

A change holds from the end of the last settled slice on, an event time that is written down before
any slice is judged by it. So whatever is read again after a crash is judged as the first time.
What a start gives otherwise than the last one (profile, rules, Littoral's version) holds for all of
the journal, which is then judged anew (`live_state.fingerprint`); it is a version of its own, and
where less is seen by it, it is listed until a second person agrees.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection

from littoral.detect.adjusting import SettingsError, blinder, changed, differing, flat
from littoral.detect.contract import Profile
from littoral.engine.core import Rule, RuleChange
from littoral.engine.trust import Trust
from littoral.store import changes
from littoral.store import detector_settings as kept
from littoral.store.detector_settings import SettingsVersion
from littoral.store.records import Records

# What is seen less, beside a setting by its name.
OFF, CODE = "rule:off", "rule:version"
AT_START = "given at the start of the server"


class RuleSettings:
    """Over the records of one engine. `base`: the rules as this start gives them."""

    def __init__(self, records: Records, rules: Sequence[Rule], now_us: Callable[[], int]) -> None:
        self._records = records
        with records.database.write() as connection:
            take_up(connection, rules, now_us())
        self.base = self._at_start(rules)

    def changes(self) -> tuple[RuleChange, ...]:
        """What people changed since the start that `base` is of, by event time."""
        rules = {rule.detector.name: rule for rule in self.base}
        begun = [(v.from_us, v.version, v) for v in self._read() if v.from_us is not None]
        found: list[RuleChange] = []
        for from_us, number, version in sorted(begun, key=lambda b: b[:2]):
            rule = rules.get(version.rule)
            if rule is not None and number > rule.settings_version:
                rules[version.rule] = with_given(rule, version)
                found.append(RuleChange(from_us, tuple(rules.values())))
        return tuple(found)

    def begin(self, from_us: int) -> None:
        """Judge by what is new from `from_us` on: the end of the last settled slice."""
        with self._records.database.write() as connection:
            kept.begin(connection, from_us)

    def _at_start(self, rules: Sequence[Rule]) -> tuple[Rule, ...]:
        last = {v.rule: v for v in self._read() if v.how != kept.CHANGE}
        return tuple(with_given(rule, last[rule.detector.name]) for rule in rules)

    def _read(self) -> list[SettingsVersion]:
        with self._records.database.read() as connection:
            return kept.versions(connection)


def take_up(connection: Connection, rules: Sequence[Rule], now_us: int) -> None:
    """A version for each rule that starts otherwise than it was last in force."""
    known: dict[str, list[SettingsVersion]] = {}
    for version in kept.versions(connection):
        known.setdefault(version.rule, []).append(version)
    running = {rule.detector.name: rule for rule in rules}
    for name in sorted({*known, *running}):
        before = known.get(name, [])
        if before:
            _take_up(connection, before, running.get(name), now_us)
        else:
            # A rule that was not there before sees more, and is told of; at the very first start
            # there is nothing that anybody changed.
            _add(connection, kept.START if known else kept.FIRST, running[name], {}, (), now_us)


def _take_up(
    connection: Connection, before: Sequence[SettingsVersion], rule: Rule | None, now_us: int
) -> None:
    last = before[-1]
    approved = next((v for v in reversed(before) if v.approved), before[0])
    given = _still_fits(rule.profile, last) if rule is not None else {}
    if _says(rule, given) == last.says:
        return
    thing = f"{changes.SETTINGS}:{last.rule}"
    changes.put_back(connection, thing, kept.STARTED_BY, now_us)
    lost = lost_by(rule, given, approved)
    made = _add(connection, kept.START, rule, given, lost, now_us, last.rule)
    if lost:
        before_json, after_json = told_difference(approved, made)
        changes.propose(
            connection, str(uuid.uuid4()), thing, made.version, before_json or {}, after_json, lost,
            AT_START, kept.STARTED_BY, now_us, changes.AT_START,
        )  # fmt: skip


def _add(
    connection: Connection,
    how: str,
    rule: Rule | None,
    given: Mapping[str, Any],
    lost: Sequence[str],
    now_us: int,
    name: str = "",
) -> SettingsVersion:
    profile, code, settings = _says(rule, given)
    return kept.add(
        connection, rule.detector.name if rule else name, how, profile, code, given, settings, lost,
        0, kept.STARTED_BY, now_us, approved=not lost, told=how == kept.FIRST,
    )  # fmt: skip


def _says(rule: Rule | None, given: Mapping[str, Any]) -> tuple[Any, ...]:
    """As `SettingsVersion.says`."""
    if rule is None:
        return (None, None, None)
    settings = flat(changed(rule.profile, given))
    return (rule.profile.name, rule.detector.version, settings)


def _still_fits(profile: Profile, last: SettingsVersion) -> dict[str, Any]:
    """What people gave, if it was over this profile; what a new version of the rule no longer
    takes is left out, and so becomes part of what the start changed."""
    if last.profile != profile.name:
        return {}
    fits = {}
    for name, value in last.given.items():
        try:
            changed(profile, {name: value})
        except SettingsError:
            continue
        fits[name] = value
    return fits


def lost_by(
    rule: Rule | None, given: Mapping[str, Any], approved: SettingsVersion
) -> tuple[str, ...]:
    """What is seen less than by the settings that were approved last."""
    if approved.settings is None:
        return ()
    if rule is None:
        return (OFF,)
    settings = flat(changed(rule.profile, given))
    lost = blinder(rule.profile.adjustable, approved.settings, settings)
    return (*lost, CODE) if approved.code != rule.detector.version else lost


def told_difference(
    before: SettingsVersion | None, after: SettingsVersion
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Before and after as changes and the log have them: of the values only those that differ."""
    was = (before.settings if before else None) or {}
    now = after.settings or {}
    names = differing(was, now) if was and now else []
    return _told(before, names), _told(after, names)


def _told(version: SettingsVersion | None, names: Sequence[str]) -> dict[str, Any] | None:
    if version is None or version.settings is None:
        return None
    return {
        "rule": version.rule,
        "version": version.version,
        "profile": version.profile,
        "code": version.code,
        "values": {n: version.settings[n] for n in names if n in version.settings},
    }


def with_given(rule: Rule, version: SettingsVersion) -> Rule:
    """The rule under what people gave over its profile."""
    settings = changed(rule.profile, version.given)
    # `rule` may carry an earlier version's settings: what is given is whole, over the profile.
    return replace(
        rule, profile=replace(rule.profile, settings=settings), settings_version=version.version
    )


def tell_started(records: Records, trust: Trust) -> None:
    """What starts gave otherwise than the ones before, into the log with before and after."""
    with records.database.read() as connection:
        known = kept.versions(connection)
    by_place = {(v.rule, v.version): v for v in known}
    for version in known:
        if version.told:
            continue
        before = by_place.get((version.rule, version.version - 1))
        was, now = told_difference(before, version)
        trust.tell(
            "system:server", "settings.write", f"settings:{version.rule}", "done",
            before=was, after=now, how="start", blinder=version.blinder,
        )  # fmt: skip
        with records.database.write() as connection:
            kept.mark_told(connection, version.rule, version.version)
