"""From what was said in a conversation to the messages in which the platform delivers it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.wechat.text import LIMIT, Outgoing, Piece, compose
from bot.conversation.model import Event
from bot.conversation.recalls import recalled
from bot.knowledge import Knowledge


def said(events: Sequence[Event]) -> list[Event]:
    """What of the end of a log goes out: words that are not the customer's own, and were not taken back."""
    gone = recalled(events)
    return [e for e in events if e.actor.kind != "customer" and e.payload.get("text") and e.seq not in gone]


def messages(events: Sequence[Event], knowledge: Knowledge) -> list[Outgoing]:
    """One message where it fits. Numbers can mean one list only: the newest."""
    last = max((event.seq for event in events if event.payload.get("choices")), default=0)
    pieces = [_piece(event, knowledge, with_choices=event.seq == last) for event in events]
    return compose(pieces, lead(knowledge), LIMIT)


def mandatory(event: Event, knowledge: Knowledge) -> tuple[str, ...]:
    """The warnings as they stand in the text, which may be older than today's."""
    known = knowledge.disclosures
    texts = [known[shown["id"]].text for shown in event.payload.get("disclosures") or () if shown["id"] in known]
    return tuple(text for text in texts if text in event.payload["text"])


def lead(knowledge: Knowledge) -> str:
    """What stands before numbered choices."""
    return knowledge.phrase("wechat_choices")[0]


def _piece(event: Event, knowledge: Knowledge, with_choices: bool) -> Piece:
    shown = event.payload.get("choices") or () if with_choices else ()
    choices = tuple((choice["id"], choice["label"]) for choice in shown)
    speaker = event.actor.name if event.actor.kind == "agent" else ""
    return Piece(event.payload["text"], mandatory(event, knowledge), choices, speaker)
