"""The words of a conversation: its states, its events, what a turn may do. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any


class State(str, Enum):
    """design: "States of a conversation"."""

    BOT = "BOT"
    QUEUED = "QUEUED"
    OFFERED = "OFFERED"
    HUMAN = "HUMAN"
    WRAP_UP = "WRAP_UP"
    MESSAGE_LEFT = "MESSAGE_LEFT"
    CLOSED = "CLOSED"


BOT_SPEAKS = frozenset({State.BOT, State.MESSAGE_LEFT})


class Reserved(str, Enum):
    """Choice ids that are no script's and no answer of the survey."""

    HUMAN = "human"
    CANCEL = "cancel"
    STAY = "stay"
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    COMPLAINT = "complaint"
    CONFIRM = "confirm"
    EDIT = "edit"
    SKIP = "skip"  # a question that need not be answered
    LEAVE_MESSAGE = "leave_message"
    AGREE = "agree"  # with the proposal in a case
    DISAGREE = "disagree"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"


OF_A_CASE = frozenset({Reserved.AGREE, Reserved.DISAGREE, Reserved.APPEAL, Reserved.WITHDRAW})


@dataclass(frozen=True)
class Actor:
    kind: str  # customer | bot | agent | system
    name: str = ""


CUSTOMER = Actor("customer")
BOT = Actor("bot")
SYSTEM = Actor("system")


@dataclass(frozen=True)
class Event:
    """One row of the log, as stored.

    `payload` is the wire's event without seq, at, kind and actor; what only we see stands under `internal` and is
    never sent to a customer.
    """

    conversation_id: str
    seq: int
    epoch: int
    at: datetime
    kind: str  # message | state | notice | survey
    actor: Actor
    payload: Mapping[str, Any]
    idempotency_key: str | None
    prev_hash: str
    hash: str


@dataclass(frozen=True)
class Conversation:
    """One row of `conversations`: what derives from the log, kept beside it in the same transaction."""

    id: str
    channel: str
    state: State
    holder: str | None  # "bot", an agent's user name, or None while queued
    epoch: int
    last_seq: int
    created_at: datetime
    updated_at: datetime
    large_type: bool
    former_id: str | None
    customer_id: str | None  # the same person on another channel, as far as the bank has bound them
    context: Mapping[str, str]  # where he came from: page, branch, campaign
    flow: str | None  # a flow of several turns that is open: "complaint:facts", "complaint:contact", ...
    thread: Mapping[str, Any]  # escalation.Thread as JSON
    reason: str | None  # why it was handed over (a code of knowledge/escalation.yml)
    waiting_since: datetime | None
    offered_to: str | None
    declined_by: tuple[str, ...]
    due_at: datetime | None  # the next moment at which the worker must look; what it means depends on the state
    queue: str = "consult"  # an id of `queues` in knowledge/escalation.yml
    ahead_s: int = 0  # seconds of waiting given to him for severity: a day for who is in danger
    senior: bool = False  # an experienced agent is wanted
    mood: int = 0  # points of strong emotion in what he wrote; one goes with each calmer message
    flags: tuple[str, ...] = ()  # what he must not learn that we have noticed

    @property
    def careful(self) -> bool:
        """Large type, or an age of 65 and more that he or the bank has stated: a person comes sooner."""
        return self.large_type or "care" in self.context

    @property
    def rank_at(self) -> datetime | None:
        """Who has the earliest is served first. None: he is not waiting."""
        return None if self.waiting_since is None else self.waiting_since - timedelta(seconds=self.ahead_s)


@dataclass(frozen=True)
class Heard:
    """Something from the customer that is no text of his: a picture, a place, a scanned code.

    Phrase ids: `name` stands for it in the log, `answer` is said to it. With `reason` a person comes. `media` tells
    where the file is (`kind`, and what only we see under `ref`); `context` is remembered of the conversation.
    """

    name: str
    name_values: Mapping[str, str] = field(default_factory=dict)
    answer: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    media: Mapping[str, str] | None = None
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Understanding:
    """What the assistant made of one text. `candidates` are (label, confidence), best first, at most three."""

    text: str
    intent: str
    confidence: float
    candidates: tuple[tuple[str, float], ...] = ()
    entities: tuple[Mapping[str, Any], ...] = ()
    model: str = ""
    with_earlier: str = ""  # what of the earlier matter was put beside a message that leans on it
    again: float | None = None  # how likely it asks an earlier question again; None where no judge read it

    def entity(self, name: str) -> str | None:
        return next((str(e["value"]) for e in self.entities if e["entity"] == name), None)

    @property
    def product(self) -> str | None:
        return self.entity("product")

    def record(self) -> dict[str, Any]:
        """What the assistant made of the message, for the log: which model, which label, how sure."""
        return {
            "intent": self.intent,
            "confidence": round(self.confidence, 4),
            "candidates": [[label, round(confidence, 4)] for label, confidence in self.candidates],
            "entities": [{key: e[key] for key in ("entity", "value", "currency") if key in e} for e in self.entities],
            "product": self.product,
            "model": self.model,
            **({"with_earlier": self.with_earlier} if self.with_earlier else {}),
        }


# What a turn wants done. Actions return acts; `conversation` decides wording, escalation and delivery.


@dataclass(frozen=True)
class Answer:
    """Say an approved script."""

    script: str


@dataclass(frozen=True)
class Clarify:
    """Not sure: ask back with at most three labels in the customer's words."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """Say a phrase of knowledge/phrases.yml. `topics` tell the guard what it is about."""

    phrase: str
    values: Mapping[str, str] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()  # values that are the customer's own words: no promise or topic of ours
    case: Mapping[str, Any] | None = None  # {"number", "severity", "owner", "due"} shown beside the text
    answers: str | None = None  # the script in whose place it stands: its choices, its stop, and it counts as an answer


@dataclass(frozen=True)
class Handover:
    """Bring a person now. `reason` is a code of knowledge/escalation.yml."""

    reason: str


@dataclass(frozen=True)
class Flow:
    """Open, move or (None) end a flow of several turns."""

    name: str | None


@dataclass(frozen=True)
class EndThread:
    """Thanks, solved, goodbye: the customer is done with the topic."""


Act = Answer | Clarify | Line | Handover | Flow | EndThread
_ACTS: dict[str, type] = {c.__name__: c for c in (Answer, Clarify, Line, Handover, Flow, EndThread)}


def act_to_json(act: Act) -> dict[str, Any]:
    return {"act": type(act).__name__, **asdict(act)}


def act_from_json(data: Mapping[str, Any]) -> Act:
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k != "act"}
    return _ACTS[data["act"]](**values)


@dataclass(frozen=True)
class Earlier:
    """The matter that was answered last, a short while ago."""

    intent: str
    product: str | None = None


@dataclass(frozen=True)
class TurnInput:
    """One customer message for the assistant. `text` is masked already; a choice carries the script it stands for."""

    conversation_id: str
    seq: int
    text: str
    choice: str | None = None
    flow: str | None = None
    script: tuple[str, str] | None = None  # (script id, intent) where the choice is a script
    earlier: Earlier | None = None
    asked: tuple[str, ...] = ()  # what the customer has asked on this topic already


@dataclass(frozen=True)
class TurnOutput:
    """`also`: a second matter in the same message; its acts stand behind those of the first."""

    understanding: Understanding
    acts: tuple[Act, ...]
    also: tuple[Understanding, ...] = ()
