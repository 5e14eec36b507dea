"""The words of complaints and callbacks: cases with their states and severities, and drafts. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from bot.clock import rfc3339
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
    CaseState.RESOLVED: frozenset({CaseState.CLOSED}),
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


@dataclass(frozen=True)
class Case:
    """One row of `cases`. `owner_queue` owns it (首问负责). Times in Beijing or UTC, always aware."""

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

    @property
    def repeat(self) -> bool:
        return self.repeat_of is not None

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def shown(self) -> dict[str, str]:
        """The case as the wire shows it beside a message."""
        return {
            "number": self.number,
            "severity": self.severity.value,
            "owner": self.owner_queue,
            "due": rfc3339(self.due_at),
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
    CONTACT = "contact"
    CONFIRM = "confirm"


class DraftState(str, Enum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Draft:
    """A complaint that is being told. `facts` are masked already; `asked` counts the prompts for the present step."""

    step: Step = Step.FACTS
    state: DraftState = DraftState.OPEN
    facts: str = ""
    contact: Contact | None = None
    asked: int = 0
    editing: bool = False
    case_number: str | None = None
