"""What was before: what colleagues have left beside a conversation, and the customer's earlier ones (004-47)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.clock import rfc3339
from bot.conversation import handovers, store
from bot.conversation.model import Conversation, Event
from bot.conversation.package import last_topic, reason_words, topic_words
from bot.db import Tx
from bot.knowledge import Knowledge

OF_ITSELF = frozenset({"", "not answered in time", "not there any more"})  # declined by nobody's word


def notes(log: Sequence[Event], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Of transfers, declined offers, lost agents and closings, oldest first, for the desk alone.

    [{"kind": "transfer|decline|lost|close", "at", "by": {"username", "name"}, "to"?, "text", "result"?, "category"?}]
    """
    return [
        {
            **note,
            "at": rfc3339(event.at),
            "by": {"username": note["by"], "name": names.get(note["by"], note["by"])},
        }
        for event in log
        if event.kind == "state" and (note := _note(event.payload.get("internal") or {})) is not None
    ]


def _note(known: Mapping[str, Any]) -> dict[str, Any] | None:
    if "transferred_by" in known:
        return {"kind": "transfer", "by": known["transferred_by"], "to": known["to"], "text": known["note"]}
    if "declined_by" in known and known.get("why", "") not in OF_ITSELF:
        return {"kind": "decline", "by": known["declined_by"], "text": known["why"]}
    if "lost" in known:
        return {"kind": "lost", "by": str(known["lost"]), "text": ""}
    if "result" in known:
        form = {field: known[field] for field in ("result", "category")}
        return {"kind": "close", "by": known["by"], "text": known["note"], **form}
    return None


def earlier(tx: Tx, conversation: Conversation, said: Knowledge) -> list[dict[str, Any]]:
    """The same customer's conversations before this one, on every channel, newest first.

    [{"id", "at", "channel", "state", "topic", "reason", "result", "category"}]; what nobody has entered is "".
    """
    ids = store.chain_of(tx, conversation)[1:]
    served = {entry.conversation_id: entry for entry in handovers.of_chain(tx, ids)}  # the last one of each
    found = sorted((store.get(tx, id_) for id_ in ids), key=lambda one: one.created_at, reverse=True)
    return [
        {
            "id": one.id,
            "at": rfc3339(one.created_at),
            "channel": one.channel,
            "state": one.state.value,
            "topic": topic_words(last_topic(store.read(tx, one.id), said), said),
            "reason": reason_words(entry.reason if entry else None, said),
            "result": entry.result if entry else "",
            "category": entry.category if entry else "",
        }
        for one in found
        for entry in [served.get(one.id)]
    ]
