"""Everything that the record knows of one message. Nothing is read from knowledge/: it may say something else today."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from bot.channels.wechat.outgoing import outbox
from bot.clock import rfc3339
from bot.conversation import store
from bot.conversation.model import Conversation, Event
from bot.conversation.recalls import recalled
from bot.db import Tx
from bot.desk.refusals import subject
from bot.errors import InvalidInput, NotFound
from bot.evidence.versions import shown, version_of
from bot.privacy.audit import Action, entries
from bot.tickets import store as tickets

Report = dict[str, Any]


def locate(tx: Tx, target: str, kept: Collection[str] = ()) -> tuple[str, int]:
    """CONVERSATION:SEQ, or a case's number, which stands for the message that opened it. `kept`: conversations that are
    not there for who asks.

    Raises InvalidInput, NotFound.
    """
    conversation_id, colon, seq = target.strip().rpartition(":")
    if not colon:
        case = tickets.case(tx, target.strip())
        if case.conversation_id in kept:
            raise NotFound(f"no case {case.number}")
        return case.conversation_id, case.source_seq
    if not (conversation_id and seq.isascii() and seq.isdecimal()):
        raise InvalidInput(f"{target} names no message: give CONVERSATION:SEQ or the number of a case")
    return conversation_id, int(seq)


def gather(tx: Tx, target: str, kept: Collection[str] = ()) -> Report:
    """The report as plain JSON. Times in Beijing time with offset; texts as they were stored, that is masked.

    Raises InvalidInput, NotFound.
    """
    conversation_id, seq = locate(tx, target, kept)
    if conversation_id in kept or not (conversation_id.isalnum() and store.exists(tx, conversation_id)):
        raise NotFound(f"there is no conversation {conversation_id}")
    conversation, log = store.get(tx, conversation_id), store.read(tx, conversation_id)
    event = next((event for event in log if event.seq == seq), None)
    if event is None:
        raise NotFound(f"conversation {conversation_id} has no message {seq}; its last is {conversation.last_seq}")
    internal = event.payload.get("internal") or {}
    asked = _asked(event, log)
    return {
        "message": _message(conversation, event),
        "delivery": _delivery(tx, conversation, seq),
        "asked": asked and _brief(asked),
        "answers": [_brief(e) for e in log if _replying_to(e) == seq],
        "understanding": internal.get("understanding"),
        **_made_of(tx, event, internal),
        "guard": _guard(tx, internal),
        "override": internal.get("override"),
        "refused": _refused(tx, internal),
        "attempts": _attempts(tx, event, log),
        "recalled": _recalled(event, log),
        "told": _told(tx, target),
        "chain": _chain(tx, conversation_id, event),
    }


def _message(conversation: Conversation, event: Event) -> Report:
    internal = event.payload.get("internal") or {}
    said = _said(event)
    return {
        "conversation": conversation.id,
        "seq": event.seq,
        "at": rfc3339(event.at),
        "kind": event.kind,
        "channel": conversation.channel,
        "customer": conversation.customer_id,
        "by": {"kind": event.actor.kind, "name": event.actor.name, "username": internal.get("by")},
        "text": said.get("text", ""),
        "way": said.get("way"),
        "choices": event.payload.get("choices") or [],
        "case": said.get("case"),
        "knowledge": (internal.get("record") or {}).get("knowledge"),
    }


def _said(event: Event) -> Mapping[str, Any]:
    """What was said in the chat; or by another way, `way`."""
    internal = event.payload.get("internal") or {}
    return {**event.payload, **(internal.get("elsewhere") or {})}


def _told(tx: Tx, target: str) -> list[Report]:
    """Of a case that was asked for by its number: what the customer was told of it, and where that stands."""
    if ":" in target:
        return []
    shown = ("what", "way", "message", "override", "confirmed", "against")
    return [
        {"at": rfc3339(event.at), "by": event.actor, **{name: event.detail.get(name) for name in shown}}
        for event in tickets.events_of(tx, target.strip())
        if event.action == "told"
    ]


def _delivery(tx: Tx, conversation: Conversation, seq: int) -> list[Report]:
    """How it left, where the channel cuts and sends by itself; a web page reads the log as it is."""
    statement = (
        sa.select(outbox)
        .where(outbox.c.conversation_id == conversation.id, outbox.c.from_seq <= seq, outbox.c.seq >= seq)
        .order_by(outbox.c.position, outbox.c.id)
    )
    return [
        {"text": row.text, "state": row.state, "way": row.way, "at": row.done_at and rfc3339(row.done_at)}
        for row in tx.execute(statement)
    ]


def _asked(event: Event, log: Sequence[Event]) -> Event | None:
    """What the customer had written: what this replies to, else his last message before it."""
    if event.actor.kind == "customer":
        return None
    earlier = [e for e in log if e.actor.kind == "customer" and e.seq < event.seq]
    wanted = _replying_to(event)
    return next((e for e in earlier if e.seq == wanted), earlier[-1] if earlier else None)


def _replying_to(event: Event) -> int | None:
    replying_to: int | None = (event.payload.get("internal") or {}).get("replying_to")
    return replying_to


def _brief(event: Event) -> Report:
    return {"seq": event.seq, "at": rfc3339(event.at), "text": event.payload.get("text", "")}


def _made_of(tx: Tx, event: Event, internal: Mapping[str, Any]) -> Report:
    """Script, warnings, figures, phrase and survey question as they were then, by the digests that the event names."""
    record = internal.get("record") or {}
    digests = {(kind, id_): digest for kind, id_, digest in record.get("items", ())}
    script, phrase = event.payload.get("script"), internal.get("phrase")
    said_as = [(kind, id_) for kind, id_ in digests if kind in ("phrase", "survey")]
    phrases = said_as or ([("phrase", phrase)] if phrase and not record else [])
    said = "refused" not in internal  # a refused script's figures are none of what was said
    return {
        "script": script and version_of(tx, "script", script["id"], digests, script["version"]),
        "phrases": [version_of(tx, kind, id_, digests) for kind, id_ in phrases],
        "disclosures": [
            version_of(tx, "disclosure", one["id"], digests, one["version"])
            for one in _said(event).get("disclosures") or ()
        ],
        "figures": [version_of(tx, "figure", id_, digests) for id_ in internal.get("figures", ()) if said],
    }


def _guard(tx: Tx, internal: Mapping[str, Any]) -> Report:
    record = internal.get("record") or {}
    digest = next((digest for kind, _, digest in record.get("items", ()) if kind == "guard"), None)
    known = digest and shown(tx, "guard", "guard", digest)
    return {
        "verdict": record.get("verdict"),
        "findings": internal.get("findings") or [],
        "confirmed": bool(internal.get("confirmed")),
        "reader": record.get("reader"),
        "words": digest,
        "words_kept_since": known and known["first_seen_at"],
    }


def _refused(tx: Tx, internal: Mapping[str, Any]) -> Report | None:
    """What the assistant wanted to say, and did not."""
    if "refused" not in internal:
        return None
    made_of = (internal.get("record") or {}).get("refused", ())
    found = [shown(tx, kind, id_, digest) for kind, id_, digest in made_of]
    return {"text": internal["refused"], "made_of": [one for one in found if one is not None]}


def _attempts(tx: Tx, event: Event, log: Sequence[Event]) -> list[Report]:
    """What an agent was refused: before this message of his, or right behind it where it is somebody else's."""
    first = event.seq
    if event.actor.kind == "agent":
        said = (e.seq for e in log if e.actor.kind == "agent" and e.kind == "message" and e.seq < event.seq)
        first = max(said, default=0)
    last = event.seq - 1 if event.actor.kind == "agent" else event.seq
    return [
        {"at": rfc3339(entry.at), "by": entry.actor, **{k: entry.detail[k] for k in ("text", "rules", "reasons")}}
        for entry in entries(tx, subject(event.conversation_id))
        if entry.action == Action.REFUSED and first <= entry.detail["after"] <= last
    ]


def _recalled(event: Event, log: Sequence[Event]) -> Report | None:
    """By whom and when it was taken back, which the customer sees as a place without words."""
    taken_back = recalled(log).get(event.seq)
    if taken_back is None:
        return None
    username = taken_back.payload["internal"]["by"]
    return {"seq": taken_back.seq, "at": rfc3339(taken_back.at), "by": taken_back.actor.name, "username": username}


def _chain(tx: Tx, conversation_id: str, event: Event) -> Report:
    broken = store.broken_at(tx, conversation_id)
    return {"holds": broken is None or broken > event.seq, "broken_at": broken, "hash": event.hash}
