"""The words of complaints and callbacks: cases with their states and severities, and drafts. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from bot.clock import BEIJING, rfc3339
from bot.errors import Conflict


class Kind(str, Enum):
    """What a case is; its value begins the case's number."""

    COMPLAINT = "TS"  # 投诉
    CALLBACK = "HF"  # 回访, here: 回电


class Severity(str, Enum):
    """Four levels (C5); 重复 and 群体 are flags, no levels."""

    ORDINARY = "一般"
    IMPORTANT = "重要"
    MAJOR = "重大"
    URGENT = "紧急"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    @property
    def and_lower(self) -> tuple[Severity, ...]:
        return tuple(s for s in Severity if s.rank <= self.rank)


class CaseState(str, Enum):
    NEW = "NEW"
    ACCEPTED = "ACCEPTED"
    ASSIGNED = "ASSIGNED"
    INVESTIGATING = "INVESTIGATING"
    PROPOSED = "PROPOSED"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"
    WITHDRAWN = "WITHDRAWN"


_NEXT: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.NEW: frozenset({CaseState.ACCEPTED}),
    CaseState.ACCEPTED: frozenset({CaseState.ASSIGNED}),
    CaseState.ASSIGNED: frozenset({CaseState.INVESTIGATING}),
    CaseState.INVESTIGATING: frozenset({CaseState.PROPOSED}),
    CaseState.PROPOSED: frozenset({CaseState.RESOLVED, CaseState.INVESTIGATING}),  # the customer may say no (001-17)
    CaseState.RESOLVED: frozenset({CaseState.CLOSED, CaseState.REOPENED}),  # he may object at once (001-20)
    CaseState.CLOSED: frozenset({CaseState.REOPENED}),  # appeal (001-20)
    CaseState.REOPENED: frozenset({CaseState.ASSIGNED}),
    CaseState.WITHDRAWN: frozenset(),
}
_NEXT_CALLBACK: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.NEW: frozenset({CaseState.ASSIGNED, CaseState.CLOSED}),
    CaseState.ASSIGNED: frozenset({CaseState.CLOSED}),
}
ENDED = frozenset({CaseState.CLOSED, CaseState.WITHDRAWN})


def allowed_next(kind: Kind, state: CaseState) -> frozenset[CaseState]:
    """Where a case may go from here. Withdrawing is possible until the end and holds the same day (L1a)."""
    steps = (_NEXT if kind is Kind.COMPLAINT else _NEXT_CALLBACK).get(state, frozenset())
    return steps if state in ENDED else steps | {CaseState.WITHDRAWN}


def check_move(kind: Kind, state: CaseState, to: CaseState) -> None:
    """Raises Conflict: no step of the procedure may be skipped (002-11)."""
    allowed = allowed_next(kind, state)
    if to not in allowed:
        raise Conflict(f"no way from {state.value} to {to.value}", allowed=sorted(s.value for s in allowed))


@dataclass(frozen=True)
class Contact:
    """How to reach the customer. `token` is what may be shown; the value stands in the vault under `ref`.

    Without `ref` the customer is reached in this chat.
    """

    ref: str | None = None
    token: str = ""
    name_ref: str | None = None
    name_token: str = ""

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(r for r in (self.ref, self.name_ref) if r)


CHATS = frozenset({"web", "wechat", "shell"})  # channels on which the customer talks with us
ENTERED = ("phone", "counter", "letter", "mail")  # ways whose complaints an officer enters (000-80)
API = "api"  # another system of the bank
CHANNELS = ("web", "wechat", *ENTERED, API)
CUSTOMER = "customer"  # who has done what stands in a history
REPRESENTATIVES = 5  # of a group, at most (L1a)


@dataclass(frozen=True)
class Fields:
    """What a complaint may say beside its facts (000-66, L1a). Masked text, as everything in a case."""

    request: str = ""
    basis: str = ""
    product: str = ""
    amount: str = ""
    branch: str = ""
    on_behalf: str = ""  # for whom, and by what authority
    representatives: tuple[str, ...] = ()
    customer_type: str = "personal"  # or "corporate" (003-01)
    prefers: str = ""  # how and when he wants to be reached (001-03)


@dataclass(frozen=True)
class Case:
    """One row of `cases`. `owner_user` answers for it, or his queue (首问负责). All times are aware."""

    number: str
    kind: Kind
    state: CaseState
    severity: Severity
    repeat_of: str | None  # the former case's number: the flag `repeat` (000-68)
    owner_queue: str
    conversation_id: str
    source_seq: int
    opened_at: datetime
    updated_at: datetime
    respond_by: datetime
    due_at: datetime
    provisional: bool  # a year's calendar was missing: the dates are the regulator's cap
    profile: str
    facts: str
    contact: Contact | None
    reason: str | None  # callbacks: why nobody could answer at once
    channel: str = "web"
    received_at: datetime | None = None  # entered later than it came: the clocks run since then
    owner_user: str | None = None
    accused: tuple[str, ...] = ()  # officers complained about: they neither see nor touch it (L1)
    fields: Fields = Fields()
    classes: Mapping[str, str] = field(default_factory=dict)  # axis -> value
    classified_by: str | None = None  # None: proposed by the rules, not yet looked at by a person
    root_cause: str = ""  # what a repetition must have before it is settled (000-71)
    group: bool = False  # 群体投诉
    round: int = 1  # an appeal begins the next
    cap_days: int = 15
    proposal: Mapping[str, Any] | None = None  # {"text", "at", "agreed": true | false | null}
    result: Mapping[str, str] | None = None  # the four parts of 000-76, and the reasons
    version: int = 1

    @property
    def since(self) -> datetime:
        """When its clocks began."""
        return self.received_at or self.opened_at

    @property
    def owner(self) -> str:
        return self.owner_user or self.owner_queue

    @property
    def repeat(self) -> bool:
        return self.repeat_of is not None

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def promised(self) -> dict[str, str]:
        """What every receipt says beside the number: level, who, until when (000-73, 004-69)."""
        return {
            "severity": self.severity.value,
            "owner": self.owner_queue,
            "respond": spoken(self.respond_by),
            "due": spoken(self.due_at),
        }

    def shown(self) -> dict[str, str | None]:
        """The case as the wire shows it beside a message. Settled or taken back, nothing is due of it any more."""
        over = self.state in (CaseState.RESOLVED, *ENDED)
        return {
            "number": self.number,
            "severity": self.severity.value,
            "owner": self.owner_queue,
            "due": None if over else rfc3339(self.due_at),
        }


@dataclass(frozen=True)
class CaseEvent:
    """One line of a case's history, never changed afterwards (000-79)."""

    at: datetime
    actor: str
    action: str
    detail: Mapping[str, Any]


class Step(str, Enum):
    FACTS = "facts"
    REQUEST = "request"
    CONTACT = "contact"
    CONFIRM = "confirm"


class DraftState(str, Enum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Draft:
    """A complaint that is being told. `facts` are masked already; `asked` counts the prompts for the present step.

    `request`: what he wants, where he answered that question; else it may stand in the facts. `accused`: as in a case.
    """

    step: Step = Step.FACTS
    state: DraftState = DraftState.OPEN
    facts: str = ""
    contact: Contact | None = None
    asked: int = 0
    editing: bool = False
    case_number: str | None = None
    request: str = ""
    accused: tuple[str, ...] = ()


def spoken(moment: datetime) -> str:
    """A deadline as one reads it, with its year: 2026年12月1日 17:30."""
    local = moment.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
