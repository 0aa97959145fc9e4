"""`GET /oversight`: how the log and the policies stand, and what waits for whom."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter

from littoral.access.retention import DUE, HELD, UNRULED, Decision
from littoral.api.change_json import change_json
from littoral.api.gate import Acting, Actor, Gate, described
from littoral.api.names import names_of
from littoral.api.oversight.glass import reviews_json
from littoral.api.oversight.models import OversightModel
from littoral.api.oversight.sight import READ, Door, Indexed, require, seen, seen_actors, seen_kept
from littoral.api.oversight.who import Cast
from littoral.api.uploads import uploads_json
from littoral.api.wire import Json, iso, iso_or_none
from littoral.store import changes, dismissal_counts
from littoral.store.changes import Change
from littoral.store.dismissal_counts import DismissalCount
from littoral.store.oversight import damage, delays
from littoral.store.oversight.delays import Delay
from littoral.store.oversight.listing import Count, Wanted, counted, page
from littoral.store.oversight.places import Place
from littoral.store.oversight.waiting import OpenGrant, active_grants, glass, waiting_exports
from littoral.store.vault import pausing, retention, rule_changes
from littoral.store.vault.rules import DAY_US

router = APIRouter(tags=["oversight"])

COUNTED_DAYS = 30
MOST = 100  # dismissal counts and changes that are listed

ALONE = {
    "zh": "无见证方：日志是否被分叉或回滚，仅凭本机无法证明。请至少由另一机构运行一个见证程序。",
    "en": "No witness: whether the log was forked or set back cannot be proved from this machine "
    "alone. Have at least one other agency run a witness.",
}
SILENT = {
    "zh": "已设见证方，但最新检查点尚无见证签名。",
    "en": "There are witnesses, but none has cosigned the newest checkpoint.",
}
SEEN = {
    "zh": "最新检查点已由见证方签名。",
    "en": "Witnesses have cosigned the newest checkpoint.",
}


def _damaged(first: int, count: int) -> dict[str, str]:
    return {
        "zh": f"日志第 {first} 条起有损坏（{count} 条无法读取，未计入以下各项）："
        "请运行 littoral fsck log 检查。",
        "en": f"Log damaged at {first} ({count} entries cannot be read and are counted nowhere "
        "here): run littoral fsck log.",
    }


def _paused(first: int) -> dict[str, str]:
    return {
        "zh": f"业务记录已从备份恢复，早于日志第 {first} 条：自动清理已暂停。"
        "请核对保全令，再由本机管理员运行 littoral retention resume。",
        "en": f"The records were put back from before entry {first} of the log: retention is "
        "paused. Look at the holds; then the operator of the machine runs littoral retention "
        "resume.",
    }


def _new_rules(until: str) -> dict[str, str]:
    return {
        "zh": f"留存规则已变更：自 {until} 起才自动执行。请先查看“留存与保全”中的预览。",
        "en": f"Rules of retention have changed: what is due is erased by itself from {until} on. "
        "Look at the preview under retention first.",
    }


@router.get(
    "/oversight",
    response_model=OversightModel,
    summary="How the log and the policies stand, and what waits for whom",
    **described(READ),
)
def get_oversight(gate: Door, who: Acting, index: Indexed) -> Json:
    """Of acts (reviews, grants, delays, refusals, dismissals) and of what is kept, what the caller
    may see; the state of log and policies is the deployment's."""
    require(gate, who, READ)
    now_us, vault = gate.trust.now_us(), gate.trust.vault
    visible = seen_actors(gate, who, READ, index)
    since_us = now_us - COUNTED_DAYS * DAY_US
    with index.database.read() as connection:
        last = page(connection, Wanted(), limit=1)
        open_glass = glass(connection)
        active, exports = active_grants(connection, now_us), waiting_exports(connection, now_us)
        waiting = changes.listed(connection, now_us, changes.AT_START, MOST)
        waiting += changes.listed(connection, now_us, changes.WAITING, MOST)
        dismissed = dismissal_counts.counted(connection, since_us)
        delayed = delays.listed(connection, now_us)
        denied = Wanted(verdict=("deny",), from_us=since_us, actors=visible)
        refused = counted(connection, denied)
        waits = pausing.paused(connection)
        rules_until_us = rule_changes.waits_until(connection, now_us)
        damaged = damage.kept(connection)
    wrong = [_damaged(damaged.first, damaged.count)] if damaged else []
    wrong += [] if waits is None else [_paused(waits.first)]
    wrong += [] if rules_until_us is None else [_new_rules(iso(rules_until_us)[:10])]
    kept = retention.preview(vault, gate.trust.rules, now_us)
    reviews = reviews_json(gate, who, open_glass)
    return Json(
        {
            "at": iso(now_us),
            "log": {
                **_log(gate, wrong),
                "damaged": damaged.count,
                "last_entry": iso_or_none(last[0].time_us if last else None),
            },
            "policies": _policies(gate),
            "uploads": uploads_json(gate),
            "reviews": reviews,
            "reviews_overdue": sum(r["state"] == "overdue" for r in reviews),
            "retention": {
                **_retention(seen_kept(gate, who, "retention", kept), now_us),
                "paused": iso_or_none(None if waits is None else waits.at_us),
            },
            "grants": _grants(gate, who, active),
            "exports_waiting": _grants(gate, who, exports),
            "changes_waiting": [_change(c) for c in waiting],
            "dismissals": _dismissals(gate, who, dismissed),
            "delays": _delays(gate, who, delayed),
            "refusals": _refusals(refused),
        }
    )


def _log(gate: Gate, wrong: Sequence[dict[str, str]]) -> dict[str, Any]:
    """`wrong`: what somebody has to do something about, said first."""
    log = gate.trust.log
    newest = log.checkpoint()
    signed = {key.name: time_s for key, time_s in newest.seen}
    witnesses = log.witnesses.all
    stands = SEEN if signed else SILENT if witnesses else ALONE
    said = [*wrong, stands]
    return {
        "origin": newest.checkpoint.origin,
        "size": log.size,
        "published": newest.size,
        "root": base64.b64encode(newest.root).decode(),
        "witnessed": bool(signed),
        "witnesses": [
            {
                "name": w.key.name,
                "url": w.url,
                "size": w.size,
                "cosigned": iso(signed[w.key.name] * 1_000_000) if w.key.name in signed else None,
                "error": w.error,
            }
            for w in witnesses
        ],
        "says": {
            "zh": "".join(sentence["zh"] for sentence in said),
            "en": " ".join(sentence["en"] for sentence in said),
        },
    }


def _policies(gate: Gate) -> dict[str, Any]:
    known = gate.trust.refresh()
    names = names_of(gate, [f"account:{a}" for a in known.accounts], logins=True)
    return {
        "hash": gate.trust.decider.hash,
        "state": known.state,
        "accounts": list(known.accounts),
        "names": {ref.removeprefix("account:"): name for ref, name in names.items()},
        "expires": iso(known.expires_us) if known.expires_us else None,
        "says": {"zh": known.zh, "en": known.en},
        "password_alone": sorted(gate.people.settings.password_alone),
    }


def _retention(found: Sequence[Decision], now_us: int) -> dict[str, Any]:
    due = [d for d in found if d.state == DUE]
    first = min((d.due_us for d in due if d.due_us is not None), default=None)
    soon = [d for d in found if d.due_us is not None and now_us < d.due_us <= now_us + 30 * DAY_US]
    by_kind: dict[str, int] = {}
    for d in due:
        by_kind[d.item.kind] = by_kind.get(d.item.kind, 0) + 1
    return {
        "due": len(due),
        "held": sum(d.state == HELD for d in found),
        "unruled": sum(d.state == UNRULED for d in found),
        "within_30_days": len(soon),
        "oldest_due": iso_or_none(first),
        "by_kind": by_kind,
    }


def _grants(gate: Gate, who: Actor, found: Sequence[OpenGrant]) -> list[dict[str, Any]]:
    acts = [(g.who, g.requested_us, g.case) for g in found]
    cast = Cast(gate, acts)
    visible = seen(gate, who, READ, "grant", [(a[0], cast.place(a)) for a in acts])
    return [
        {
            "id": g.id,
            "case": g.case,
            "kind": g.kind,
            "data_class": g.data_class,
            "who": cast.who(act),
            "purpose": g.purpose,
            "legal_basis": g.legal_basis,
            "until": iso(g.until_us),
            "state": g.state,
            "needs": g.needs,
            "approvals": g.approvals,
        }
        for g, act, shown in zip(found, acts, visible, strict=True)
        if shown
    ]


def _delays(gate: Gate, who: Actor, found: Sequence[Delay]) -> int:
    acts = [(d.set_by, d.set_us, d.case_id) for d in found]
    cast = Cast(gate, acts)
    return int(seen(gate, who, READ, "delay", [(a[0], cast.place(a)) for a in acts]).sum())


def _change(row: Change) -> dict[str, Any]:
    kept = ("id", "thing", "blinder", "proposed_by", "proposed")
    found = change_json(row, {})
    return {name: found[name] for name in kept}


def _dismissals(gate: Gate, who: Actor, found: Sequence[DismissalCount]) -> list[dict[str, Any]]:
    """A desk is `unit/agency`; it dismissed, whoever sat there."""
    desks = [Place(*c.desk.partition("/")[::2]) for c in found]
    visible = seen(gate, who, READ, "dismissals", [("", desk) for desk in desks])
    return [
        {"thing": c.thing, "desk": c.desk, "count": c.count, "last": iso(c.last_us)}
        for c, shown in zip(found, visible, strict=True)
        if shown
    ][:MOST]


def _refusals(found: Sequence[Count]) -> dict[str, Any]:
    by_action: dict[str, int] = {}
    for count in found:
        by_action[count.action] = by_action.get(count.action, 0) + count.count
    return {"days": COUNTED_DAYS, "count": sum(by_action.values()), "by_action": by_action}
