"""Cases as the desk works on them: how the customer is reached, what he told. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import callback
from bot.conversation.model import Event
from bot.privacy.vault import PersonalRef
from bot.tickets.model import Case, Kind

TOLD = 3  # of the customer's messages stand beside a callback, so that the agent knows what it is about
TOLD_CHARS = 200


def contact_refs(case: Case, kept: Sequence[PersonalRef]) -> tuple[str, ...]:
    """What the vault must open to reach the customer, his name first, then others whom the case is for or who speak for
    it; empty where this chat is the contact.

    `kept`: the values of the case's conversation. For a callback the number given last for it counts: he may have
    given another one when the case was open already.
    """
    given = [ref for ref in kept if callback.PURPOSE in ref.used_for] if case.kind is Kind.CALLBACK else []
    reaches = callback.reaches(given)
    if reaches:
        last = max(ref.seq for ref in reaches)
        reach = next((r for r in reaches if r.seq == last and r.kind == "phone"), None) or reaches[-1]
        return (*(r.id for r in given if r.seq == last and r.kind == "name"), reach.id)
    own = tuple(reversed(case.contact.refs)) if case.contact and case.contact.ref else ()
    return (*own, *(r.id for r in kept if case.number in r.used_for and r.id not in own))


def told(log: Sequence[Event]) -> str:
    """The customer's last typed messages, as they are stored: without personal data, and but for bare numbers."""
    typed = [e for e in log if e.actor.kind == "customer" and not e.payload.get("choice") and not _only_contact(e)]
    return "\n".join(str(event.payload["text"])[:TOLD_CHARS] for event in typed[-TOLD:])


def _only_contact(event: Event) -> bool:
    kept = (event.payload.get("internal") or {}).get("personal", ())
    return bool(kept) and callback.nothing_else(event.payload["text"], [ref["token"] for ref in kept])
