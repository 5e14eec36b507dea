"""What an agent gets with a conversation: the whole story in one look (P12), and the wire form of events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.clock import rfc3339
from bot.conversation import escalation
from bot.conversation.callback import REACHES
from bot.conversation.model import Conversation, Event
from bot.conversation.signals import CARE, mood
from bot.knowledge import Knowledge
from bot.knowledge.vocabulary import FALLBACK, OUT_OF_SCOPE

PROVING = "complaint:status:"  # the flow in which the next message proves a contact; behind it the case's number
STATUS, NO_STATUS = "complaint_status", "complaint_status_none"
NO_TOPIC = frozenset({"human_agent", "dissatisfied", OUT_OF_SCOPE})
WIRE_FIELDS = ("text", "choices", "script", "disclosures", "case", "input", "state", "holder", "media", "recalls")


def wire(event: Event) -> dict[str, Any]:
    """The event as the console reads it; nothing `internal` leaves the house."""
    said = {field: event.payload[field] for field in WIRE_FIELDS if event.payload.get(field) is not None}
    return {
        "seq": event.seq,
        "at": rfc3339(event.at),
        "kind": event.kind,
        "actor": {"kind": event.actor.kind, "name": event.actor.name},
        "text": "",
        **said,
    }


def wire_outside(event: Event) -> dict[str, Any]:
    """The same for the customer: an agent's user name stays in the house."""
    sent = wire(event)
    return {**sent, "holder": "agent"} if sent.get("holder") not in (None, "bot") else sent


def package(
    conversation: Conversation, log: Sequence[Event], knowledge: Knowledge, cases: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Reason, topic, attempts, misunderstandings, entities, warnings given and cases, from the log alone."""
    thread = escalation.from_json(conversation.thread)
    attempts, entities, warnings, misunderstandings = [], {}, {}, 0
    by_seq = {event.seq: event for event in log}
    for event in log:
        for shown in event.payload.get("disclosures") or ():
            warnings[shown["id"]] = shown
        internal = event.payload.get("internal") or {}
        understanding = internal.get("understanding")
        if understanding is None or event.kind != "message":
            continue
        if internal.get("flow") is None:  # answers in a form are no attempts
            asked = by_seq[internal["replying_to"]].payload["text"]
            misunderstandings += understanding["intent"] == FALLBACK
            attempts.append({"asked": asked, "answered": event.payload["text"], "at": rfc3339(event.at)})
        for entity in understanding["entities"]:
            named = {**entity, "value": _entity(knowledge, entity["entity"], entity["value"])}
            entities[tuple(named.values())] = named
    topic = topic_words(thread.topic or last_topic(log, knowledge), knowledge)
    why = reason(conversation.reason, knowledge)
    return {
        "reason": why,
        "summary": _summary(topic or (why["text"] if why else ""), len(attempts), knowledge),
        "topic": topic,
        "attempts": attempts,
        "misunderstandings": misunderstandings,
        "entities": list(entities.values()),
        "warnings": list(warnings.values()),
        "cases": list(cases),
        "channel": conversation.channel,
        "large_type": conversation.large_type,
        "context": _context(conversation, knowledge),
        "identity": identity(conversation, log),
        "signals": {
            "mood": mood(conversation.mood, conversation.reason, knowledge),
            "careful": conversation.careful,
        },
    }


def identity(conversation: Conversation, log: Sequence[Event]) -> dict[str, str | None]:
    """How sure we are of who he is: {"level", "contact", "case"}.

    bound: the bank has said who he is; proven: he has named the contact with which a case was opened; contact: he has
    left one here, unproven; none. `contact` is its token, `case` the number that he has proven.
    """
    contact = case = None
    for event in log:
        internal = event.payload.get("internal") or {}
        for ref in internal.get("personal") or ():
            contact = ref["token"] if ref["kind"] in REACHES else contact
        told = str(internal.get("phrase", "")).startswith(STATUS) and internal.get("phrase") != NO_STATUS
        if told and str(internal.get("flow")).startswith(PROVING):
            case = str(internal["flow"]).removeprefix(PROVING)
    level = "bound" if conversation.customer_id else "proven" if case else "contact" if contact else "none"
    return {"level": level, "contact": contact, "case": case}


def _context(conversation: Conversation, knowledge: Knowledge) -> dict[str, str]:
    """Where he came from. A branch is named; one that knowledge no longer has keeps its id."""
    context = {key: value for key, value in conversation.context.items() if key != CARE}
    branch = knowledge.branches.get(context.get("branch", ""))
    return {**context, "branch": branch.name} if branch is not None else context


def reason(code: str | None, knowledge: Knowledge) -> dict[str, str] | None:
    """Why a person was wanted, in the bank's words; a reason that knowledge no longer has keeps its code."""
    return {"code": code, "text": reason_words(code, knowledge)} if code is not None else None


def reason_words(code: str | None, knowledge: Knowledge) -> str:
    known = knowledge.escalation.reasons.get(code or "")
    return known.text if known else code or ""


def topic_words(topic: str | None, knowledge: Knowledge) -> str:
    """ "loan_rate/mortgage" in the words of people."""
    if topic is None:
        return ""
    intent, _, product = topic.partition("/")
    known = knowledge.intents.get(intent)
    words = known.words if known else intent
    return f"{words} · {_named(knowledge, product)}" if product else words


def _named(knowledge: Knowledge, value: str) -> str:
    product = knowledge.products.get(value)
    return product.name if product else value


def _entity(knowledge: Knowledge, kind: str, value: str) -> str:
    branch = knowledge.branches.get(value) if kind == "branch" else None
    return branch.name if branch is not None else _named(knowledge, value)


def _summary(topic: str, attempts: int, knowledge: Knowledge) -> str:
    return knowledge.phrase("package_summary", topic=topic, count=str(attempts))[0] if topic else ""


def last_topic(log: Sequence[Event], knowledge: Knowledge) -> str | None:
    """What he wanted last: no greeting, no yes to a form, no call for a person."""
    for event in reversed(log):
        internal = event.payload.get("internal") or {}
        intent = (internal.get("understanding") or {}).get("intent")
        known = knowledge.intents.get(str(intent))
        if known and internal.get("flow") is None and known.kind != "talk" and intent not in NO_TOPIC:
            return str(intent)
    return None
