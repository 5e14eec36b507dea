"""Conversations in the desk's lists: what an agent must see of each before he opens it, read for all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.clock import rfc3339
from bot.conversation import clocks, counts, escalation, handovers
from bot.conversation.handovers import Entry
from bot.conversation.model import Conversation, State
from bot.conversation.package import reason, topic_words
from bot.conversation.signals import URGENT, mood
from bot.db import Tx
from bot.desk.channels import in_brief

if TYPE_CHECKING:
    from bot.desk.views import Views

TEXT_CHARS = 80


def items(
    views: Views, tx: Tx, conversations: Sequence[Conversation], places: Mapping[str, int]
) -> list[dict[str, Any]]:
    """In their order. Of who waits the channel's state is brief; of who is offered it says when the offer ends."""
    ids = [conversation.id for conversation in conversations]
    last, unread, entries = counts.said_last(tx, ids), counts.unread(tx, ids), handovers.standing(tx, ids)
    quiet = _quiet(tx, entries)
    shown = []
    for one in conversations:
        text, at = last.get(one.id, ("", None))
        channel_state = dict(views.channel_state(tx, one))
        item = {
            **brief(views, one, entries.get(one.id), places),
            "channel": one.channel,
            "state": one.state.value,
            "epoch": one.epoch,
            "last_text": text[:TEXT_CHARS],
            "last_at": rfc3339(at) if at is not None else None,
            "last_seq": one.last_seq,
            "quiet_since": rfc3339(quiet[one.id]) if one.id in quiet else None,
            "unread": unread.get(one.id, 0),
            "holder": one.holder,
            "typing": views.wakeups.is_typing(one.id),
            "channel_state": channel_state if one.state is State.HUMAN else in_brief(channel_state),
        }
        if one.state is State.OFFERED:
            item["expires_at"] = rfc3339(one.due_at) if one.due_at else None
        shown.append(item)
    return shown


def brief(views: Views, one: Conversation, entry: Entry | None, places: Mapping[str, int]) -> dict[str, Any]:
    """What is no word of the customer's: reading those goes on record. `entry` is his open one."""
    now, said = views.clock.now(), views.knowledge
    return {
        "conversation_id": one.id,
        "queue": one.queue,
        "reason": reason(one.reason, said),
        "topic": topic_words(escalation.from_json(one.thread).topic, said),
        "severity_flag": one.ahead_s >= said.escalation.reasons[URGENT].ahead_s,
        "mood": mood(one.mood, one.reason, said),
        "alarm": views.handoff.queueing.waits_too_long(one, now),
        "clocks": clocks.shown(clocks.clocks(one, entry, said), said, now),
        "waiting_since": rfc3339(one.waiting_since) if one.waiting_since else None,
        "place": places.get(one.id),
    }


def _quiet(tx: Tx, entries: Mapping[str, Entry]) -> dict[str, datetime]:
    """Since when customers have been silent to the agent who serves them."""
    claimed = {id_: entry.claimed_at for id_, entry in entries.items() if entry.claimed_at is not None}
    return {id_: at for id_, at in counts.quiet_since(tx, list(claimed)).items() if at >= claimed[id_]}


def places_of(waiting: Sequence[Conversation]) -> dict[str, int]:
    """Each one's place in his own group's queue; `waiting` is in the order in which they are served."""
    taken: dict[str, int] = {}
    places = {}
    for one in waiting:
        places[one.id] = taken[one.queue] = taken.get(one.queue, 0) + 1
    return places
