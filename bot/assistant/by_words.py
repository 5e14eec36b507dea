"""Where plain words say what the model, which judges likeness, takes for something else: a complaint for somebody else,
and what a customer says of a case that he has."""

from __future__ import annotations

from dataclasses import replace

from actions.services import Services
from bot.assistant.context import Meaning
from bot.tickets.particulars import on_behalf

_STAYS = "human_agent"


def by_words(conversation_id: str, text: str, found: list[Meaning], services: Services) -> list[Meaning]:
    """The meanings as they are, or one with the label that the words give it. Danger and a person come first."""
    labels = {str((one.parsed.get("intent") or {}).get("name")) for one in found}
    if labels & {_STAYS, *services.knowledge.escalation.urgent_intents}:
        return found
    if services.asking.about(conversation_id, text):
        label = "complaint_status"
    elif on_behalf(text) and "complaint" not in labels:
        label = "complaint"
    else:
        return found
    parsed = {**found[0].parsed, "text": text, "intent": {"name": label, "confidence": 1.0}}
    return [replace(found[0], parsed=parsed, text=text, with_earlier="")]
