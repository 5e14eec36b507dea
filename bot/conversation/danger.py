"""Does a text tell of fraud, danger or anything else that is urgent, by its words alone? Pure."""

from __future__ import annotations

from bot.conversation import signals
from bot.conversation.signals import URGENT
from bot.knowledge import Knowledge
from bot.text.normalise import normalise


def dangerous(text: str, knowledge: Knowledge) -> bool:
    """By the words that the bank's own emergency scripts are looked for with, and by the signals of an urgent matter.

    A person too many does no harm.
    """
    return names_emergency(text, knowledge) or URGENT in signals.read(text, knowledge).reasons


def names_emergency(text: str, knowledge: Knowledge) -> bool:
    """By the words of the emergency scripts alone."""
    said = normalise(text)
    urgent = (
        script
        for script in knowledge.scripts.values()
        if script.urgent and script.intent in knowledge.escalation.urgent_intents
    )
    return any(normalise(word) in said for script in urgent for word in script.keywords)
