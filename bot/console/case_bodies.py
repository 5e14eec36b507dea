"""What the acts on a case may say, field by field. More, or too much, is refused with the field's name."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Literal

from pydantic import Field, StrictBool, conlist, constr

from bot.errors import InvalidInput
from bot.http import Body
from bot.tickets.entering import Entry
from bot.tickets.model import Fields

if TYPE_CHECKING:
    Words = str
    Must = str
    Story = str
    Name = str
    Contact = str
    Answer = str
    Names = list[str]
else:
    Words = constr(strip_whitespace=True, max_length=1000)
    Must = constr(strip_whitespace=True, min_length=1, max_length=1000)
    Story = constr(strip_whitespace=True, min_length=1, max_length=4000)
    Name = constr(strip_whitespace=True, max_length=64)
    Contact = constr(strip_whitespace=True, max_length=320)
    Answer = constr(max_length=1000)
    Names = conlist(Name, max_items=20)


class Nothing(Body):
    pass


class Act(Body):
    version: int | None = None


class Assign(Act):
    to: Name = ""
    department: Name = ""
    note: Words = ""


class Note(Act):
    note: Words = ""


class Text(Act):
    text: Must


class Spoken(Act):
    """What goes to the customer: the guard may have asked to look again, or is overruled by who may."""

    override: Must | None = None
    confirmed: StrictBool = False


class Respond(Spoken):
    analysis: Must
    solution: Words = ""


class Propose(Spoken):
    text: Must


class Agreed(Act):
    agreed: StrictBool
    note: Words = ""


class Resolve(Spoken):
    basics: Must
    handling: Must
    reasons: Must
    satisfaction: Words = ""
    improvement: Words = ""
    root_cause: Words = ""
    no_agreement: Words = ""


class Told(Act):
    how: Literal["phone", "letter", "counter", "mail"]
    what: Name = ""
    note: Words = ""


class Reason(Act):
    reason: Must


class SeverityBody(Reason):
    severity: Literal["一般", "重要", "重大", "紧急"]


class Classify(Reason):
    classes: dict[str, str] = Field(default_factory=dict)
    root_cause: Words | None = None
    group: StrictBool | None = None


class Correct(Reason):
    """Fields and contact (000-66, L1a): what is left out stays, as do name and contact where they are empty."""

    name: Name = ""
    contact: Contact = ""
    request: Words | None = None
    basis: Words | None = None
    product: Name | None = None
    amount: Name | None = None
    branch: Name | None = None
    on_behalf: Words | None = None
    representatives: Names | None = None
    customer_type: Literal["personal", "corporate"] | None = None
    prefers: Words | None = None


class Repeat(Reason):
    of: Name


class Accused(Reason):
    usernames: Names


class Pause(Spoken):
    reason: Must


class Extend(Pause):
    days: int


class Promise(Act):
    text: Must
    due_at: datetime


class Subtask(Promise):
    department: Name
    to: Name = ""


class Done(Body):
    note: Must


ACTS: dict[str, type[Body]] = {
    "take": Act,
    "accept": Act,
    "assign": Assign,
    "investigate": Note,
    "respond": Respond,
    "note": Text,
    "propose": Propose,
    "agreed": Agreed,
    "resolve": Resolve,
    "told": Told,
    "report": Spoken,
    "close": Note,
    "withdraw": Reason,
    "appeal": Reason,
    "severity": SeverityBody,
    "classify": Classify,
    "correct": Correct,
    "repeat": Repeat,
    "accused": Accused,
    "pause": Pause,
    "resume": Act,
    "extend": Extend,
    "quality": Note,
    "promise": Promise,
    "subtask": Subtask,
    "done": Done,
}


class Entered(Body):
    """A complaint that somebody enters (000-66, L1a)."""

    facts: Story
    channel: Name = ""
    conversation_id: Name | None = None
    received_at: datetime | None = None
    name: Name = ""
    contact: Contact = ""
    severity: Name = ""
    request: Words = ""
    basis: Words = ""
    product: Name = ""
    amount: Name = ""
    branch: Name = ""
    on_behalf: Words = ""
    representatives: Names = Field(default_factory=list)
    customer_type: Literal["personal", "corporate"] = "personal"
    prefers: Words = ""


class TaskDone(Body):
    note: Words = ""
    answers: dict[str, StrictBool | Answer] | None = None
    confirmed: StrictBool = False


class PromiseMade(Body):
    conversation_id: Name
    text: Must
    due_at: datetime


def entry_of(body: Entered, channel: str = "") -> Entry:
    """`channel`: the one that is not for the sender to name. Raises InvalidInput."""
    given = body.dict()
    fields = {name: given.pop(name) for name in vars(Fields()) if name in given}
    fields["representatives"] = tuple(fields["representatives"])
    received = given.pop("received_at")
    given["channel"] = channel or given["channel"]
    return Entry(**given, received_at=aware(received), fields=Fields(**fields))


def aware(moment: datetime | None) -> datetime | None:
    """In UTC. Raises InvalidInput for a moment without offset."""
    if moment is not None and moment.tzinfo is None:
        raise InvalidInput("a moment needs its offset", field="received_at")
    return moment.astimezone(timezone.utc) if moment else None
