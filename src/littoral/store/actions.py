"""What people do with alerts: acknowledge, dismiss, hand on, comment, undo."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.alert_rows import (
    ACKNOWLEDGED,
    DISMISSED,
    ActionRow,
    AlertRow,
    fold,
)
from littoral.store.alerts import read, take_seqs
from littoral.store.database import NotFound, RecordsError
from littoral.store.tables import alert_actions, alerts

ACTIONS = ("acknowledge", "dismiss", "hand_on", "comment", "undo")
MAX_TEXT = 4000
MAX_NAME = 200


class ActionRefused(RecordsError):
    """The action cannot be done; `field` names what of it is wrong, "" when it is the alert's
    state, which somebody may have changed meanwhile."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def of_alert(connection: Connection, alert_id: str) -> list[ActionRow]:
    """Oldest first."""
    query = sa.select(alert_actions).where(alert_actions.c.alert_id == alert_id)
    return [
        ActionRow(r.id, r.seq, r.action, r.who, r.at_us, r.reason, r.to_whom, r.undone_by)
        for r in connection.execute(query.order_by(alert_actions.c.seq))
    ]


def reasons(connection: Connection, action_ids: Collection[str]) -> dict[str, str | None]:
    """Why they were done, by id."""
    a = alert_actions.c
    query = sa.select(a.id, a.reason).where(a.id.in_(action_ids))
    return {row.id: row.reason for row in connection.execute(query)}


def act(connection: Connection, alert_id: str, action: Mapping[str, Any], now_us: int) -> AlertRow:
    """Does `action` ({id, action, by, reason, to}) and returns the alert as it then is.

    The same id once more changes nothing. Raises NotFound, ActionRefused.
    """
    wanted = _checked(action, now_us)
    take_seqs(connection, 0)
    found = read(connection, [alert_id])
    if not found:
        raise NotFound(f"there is no alert {alert_id}")
    done = connection.execute(
        sa.select(alert_actions).where(alert_actions.c.id == wanted.id)
    ).first()
    if done is not None:
        if (done.alert_id, done.action) != (alert_id, wanted.action):
            raise ActionRefused("another action has this id", "id")
        return found[0]
    history = of_alert(connection, alert_id)
    undone = _allowed(found[0], wanted, history)
    seq = take_seqs(connection, 1)
    connection.execute(
        sa.insert(alert_actions).values(
            id=wanted.id,
            alert_id=alert_id,
            seq=seq,
            action=wanted.action,
            who=wanted.by,
            at_us=wanted.at_us,
            reason=wanted.reason,
            to_whom=wanted.to,
        )
    )
    if undone is not None:
        connection.execute(
            sa.update(alert_actions)
            .where(alert_actions.c.id == undone.id)
            .values(undone_by=wanted.id)
        )
    now = fold(of_alert(connection, alert_id))
    connection.execute(
        sa.update(alerts)
        .where(alerts.c.id == alert_id)
        .values(
            seq=seq,
            handling=now.handling,
            handled_by=now.handled_by,
            handled_us=now.handled_us,
            handed_to=now.handed_to,
            reason=now.reason,
        )
    )
    return read(connection, [alert_id])[0]


def _checked(action: Mapping[str, Any], now_us: int) -> ActionRow:
    try:
        key = str(uuid.UUID(str(action.get("id"))))
    except ValueError:
        raise ActionRefused("id must be a UUID that the client made", "id") from None
    name = action.get("action")
    if name not in ACTIONS:
        raise ActionRefused(f"action must be one of {', '.join(ACTIONS)}", "action")
    reason, to, by = (_text(action, field) for field in ("reason", "to", "by"))
    if by is None:
        raise ActionRefused("who acts must be named", "by")
    if name in ("dismiss", "comment") and reason is None:
        raise ActionRefused("a reason must be given" if name == "dismiss" else "say what", "reason")
    if name == "hand_on" and to is None:
        raise ActionRefused("say to whom it is handed on", "to")
    return ActionRow(key, 0, name, by, now_us, reason, to, None)


def _text(action: Mapping[str, Any], field: str) -> str | None:
    limit = MAX_TEXT if field == "reason" else MAX_NAME
    value = action.get(field)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > limit or "\0" in value:
        raise ActionRefused(f"{field} must be text of at most {limit} characters", field)
    return value.strip() or None


def _allowed(alert: AlertRow, wanted: ActionRow, history: list[ActionRow]) -> ActionRow | None:
    """The action that an undo undoes; raises ActionRefused when the alert's state forbids it."""
    if wanted.action == "undo":
        since = max((i for i, a in enumerate(history) if a.action == "reopened"), default=-1) + 1
        standing = [
            a
            for a in history[since:]
            if a.action in ("acknowledge", "dismiss", "hand_on") and a.undone_by is None
        ]
        if not standing:
            raise ActionRefused("there is nothing to undo")
        return standing[-1]
    if wanted.action == "comment":
        return None
    if alert.handling == DISMISSED:
        raise ActionRefused(f"it was dismissed by {alert.handled_by}; undo that first")
    if wanted.action == "acknowledge" and alert.handling == ACKNOWLEDGED:
        raise ActionRefused(f"it was acknowledged by {alert.handled_by} already")
    return None
