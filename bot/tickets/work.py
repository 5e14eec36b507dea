"""Open cases as the desk works on them: how one takes them, what is late, how the customer is reached. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.conversation import callback
from bot.conversation.model import Event
from bot.privacy.vault import PersonalRef
from bot.tickets.model import Case, CaseState, Kind

TOLD = 3  # of the customer's messages stand beside a callback, so that the agent knows what it is about
TOLD_CHARS = 200

_TAKING: Mapping[Kind, Mapping[CaseState, tuple[CaseState, ...]]] = {
    Kind.CALLBACK: {CaseState.NEW: (CaseState.ASSIGNED,)},
    Kind.COMPLAINT: {  # accepting is a step of its own, which the record must show (002-11)
        CaseState.NEW: (CaseState.ACCEPTED, CaseState.ASSIGNED),
        CaseState.ACCEPTED: (CaseState.ASSIGNED,),
        CaseState.REOPENED: (CaseState.ASSIGNED,),
    },
}


def steps_to_take(case: Case) -> tuple[CaseState, ...]:
    """Empty where somebody has it already, or it is over."""
    return _TAKING[case.kind].get(case.state, ())


def overdue(case: Case, at: datetime) -> bool:
    """Its date has passed; or nobody has begun, and the date of the first response has."""
    return case.due_at < at or (case.state is CaseState.NEW and case.respond_by < at)


def contact_refs(case: Case, kept: Sequence[PersonalRef]) -> tuple[str, ...]:
    """What the vault must open to reach the customer, his name first; empty where this chat is the contact.

    `kept`: the values of the case's conversation. For a callback the number given last for it counts: he may have
    given another one when the case was open already.
    """
    given = [ref for ref in kept if callback.PURPOSE in ref.used_for] if case.kind is Kind.CALLBACK else []
    reaches = callback.reaches(given)
    if reaches:
        last = max(ref.seq for ref in reaches)
        reach = next((r for r in reaches if r.seq == last and r.kind == "phone"), None) or reaches[-1]
        return (*(r.id for r in given if r.seq == last and r.kind == "name"), reach.id)
    return tuple(reversed(case.contact.refs)) if case.contact and case.contact.ref else ()


def told(log: Sequence[Event]) -> str:
    """The customer's last typed messages, as they are stored: without personal data, and but for bare numbers."""
    typed = [e for e in log if e.actor.kind == "customer" and not e.payload.get("choice") and not _only_contact(e)]
    return "\n".join(str(event.payload["text"])[:TOLD_CHARS] for event in typed[-TOLD:])


def _only_contact(event: Event) -> bool:
    kept = (event.payload.get("internal") or {}).get("personal", ())
    return bool(kept) and callback.nothing_else(event.payload["text"], [ref["token"] for ref in kept])
