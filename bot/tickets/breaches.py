"""A clock was missed, on record: the case's history and a warning to the head, once each."""

from __future__ import annotations

from datetime import datetime

from bot.db import Tx
from bot.knowledge import Knowledge
from bot.tickets import alerts, store
from bot.tickets.alerts import Alert
from bot.tickets.deadlines import Deadline
from bot.tickets.model import CaseEvent, spoken


def put_on_record(tx: Tx, knowledge: Knowledge, deadline: Deadline, at: datetime) -> str:
    """Gives the words of the warning."""
    label = knowledge.complaints.clock(deadline.kind).label
    values = {"clock": label, "due": spoken(deadline.due_at), "number": deadline.number or deadline.text[:40]}
    text = knowledge.phrase("alert_breach", **values)[0]
    chat = deadline.conversation_id
    alerts.give(
        tx, Alert(f"breach/{deadline.key}", "breach", "head", text, deadline.number, 100, conversation_id=chat), at
    )
    if deadline.number is not None:
        detail = {"clock": deadline.kind, "due": deadline.due_at.isoformat()}
        store.add_event(tx, deadline.number, CaseEvent(at, "system", "breached", detail))
    return text
