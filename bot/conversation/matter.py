"""What a customer's matter is, as far as it decides who takes it: the group of agents, and the line of business."""

from __future__ import annotations

from bot.conversation import escalation
from bot.conversation.model import Conversation
from bot.knowledge import Knowledge


def queue_of(conversation: Conversation, reason: str, said: Knowledge) -> str:
    """The group that takes him: the reason counts before the question, and the first group takes all the rest."""
    queues = said.escalation.queues
    intent, _ = _asked(conversation)
    by_reason = (queue.id for queue in queues if reason in queue.reasons)
    by_intent = (queue.id for queue in queues if intent in queue.intents)
    return str(next(by_reason, None) or next(by_intent, queues[0].id))


def line_of(conversation: Conversation, said: Knowledge) -> str | None:
    """The line of business that he asks about. A product says more than the question."""
    intent, product = _asked(conversation)
    known = said.products.get(product) or said.intents.get(intent)
    topics = set(known.topics) if known is not None else set()
    return next((str(line.id) for line in said.escalation.lines if topics & set(line.topics)), None)


def _asked(conversation: Conversation) -> tuple[str, str]:
    """Intent and product; an open form is what he is about."""
    if conversation.flow is not None:
        return conversation.flow.partition(":")[0], ""
    intent, _, product = (escalation.from_json(conversation.thread).topic or "").partition("/")
    return intent, product
