"""What was said as an Official Account delivers it: for staff who look at a text before customers do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.wechat.text import Piece, compose, numbered
from bot.knowledge import Knowledge
from bot.knowledge.model import Choice


def messages(knowledge: Knowledge, text: str, mandatory: Sequence[str], choices: Sequence[Choice]) -> list[str]:
    """One text in as many messages as it needs, the last with its numbered choices."""
    lead, _ = knowledge.phrase("wechat_choices")
    piece = Piece(text, tuple(mandatory), tuple((choice.id, choice.label) for choice in choices))
    return [numbered(message, lead) for message in compose([piece], lead)]
