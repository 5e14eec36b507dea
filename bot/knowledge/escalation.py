"""knowledge/escalation.yml: when a person comes, which one, how soon, and what in the customer's words tells of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, root_validator, validator

from bot.knowledge.fields import Frozen, Identifier, Label, Text

A_DAY_S = 86_400

Warned = Literal["senior", "supervisor", "quality", "complaints", "head"]
Complexity = Literal["simple", "medium", "complex"]


class Short(Identifier):
    max_length = 20


class Reason(Frozen):
    """Why a person comes, and what follows. A plain text in the file is a reason with that text alone."""

    text: Text = Field(..., description="for customer and agent")
    ahead_s: int = Field(0, ge=0, le=A_DAY_S, description="served as if he had waited so much longer")
    senior: bool = Field(False, description="an experienced agent is wanted")
    warn: Warned | None = Field(None, description="who is told at once")
    soothe: str | None = Field(None, description="a phrase that is said to the customer first")


class DeskQueue(Frozen):
    """A group of agents. The first one takes what no other names; a reason counts before an intent."""

    id: Short
    name: Label
    reasons: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()


class Line(Frozen):
    """A line of business that an agent may know well: a skill, beside the queues."""

    id: Short
    name: Label
    topics: tuple[str, ...]


class Signal(Frozen):
    """What in a customer's text speaks for a reason, or for a flag. Words are looked for in the normalised text.

    Each word that is found gives its points once; `at` and more: the signal is there.
    """

    id: Identifier
    reason: str | None = Field(None, description="either this or `flag`")
    flag: Identifier | None = None
    text: Text | None = Field(None, description="what a flag means, for those who are warned")
    at: int = Field(1, ge=1, description="points from which it counts")
    words: dict[int, tuple[Text, ...]] = Field({}, description="points -> words")
    unless: tuple[Text, ...] = Field((), description="wordings that hold such a word and mean something else")
    beside: tuple[Text, ...] = Field((), description="one of these must stand in the text too, wherever")
    shouting: int = Field(0, ge=0, description="points for three and more exclamation marks in a row, or capitals")
    classes: tuple[Complexity, ...] = Field((), description="one point where the question is of this class")
    age_from: int | None = Field(None, ge=1, le=120, description="a stated age from which it is there by itself")
    silent: bool = Field(False, description="the customer must not learn of it: a flag only")
    warn: Warned | None = None

    @root_validator(skip_on_failure=True)
    def _one_meaning(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values["reason"] is None) == (values["flag"] is None):
            raise ValueError("reason（请人工）和 flag（只记标记）要写一个，只写一个")
        if values["silent"] and values["flag"] is None:
            raise ValueError("silent: true 只用于 flag：请人工会让客户知道，也会有安抚的话")
        if (values["flag"] is None) != (values["text"] is None):
            raise ValueError("写了 flag 就要写 text（给被提醒的人看）；写 reason 的不用写，reasons 里已经有了")
        return values


class Overflow(Frozen):
    """From here on the customer is also offered to leave a message."""

    waiting: int = Field(30, ge=1, description="customers in the queue")
    eta_s: int = Field(1200, ge=1, description="expected waiting time")


class Escalation(Frozen):
    """Every number of design: "When the assistant brings a person"; times that end in _s are seconds."""

    similarity: float = Field(..., gt=0, lt=1, description="at or above: the customer asks the same again")
    again: float = Field(1.0, gt=0, le=1, description="the same in other words, by the judge of data/pairs/")
    propose_at_repeat: int = 2
    handover_at_repeat: int = 3
    stay_repeats: int = 2
    misunderstandings: int = 2
    thread_limit_s: int = 300
    stay_limit_s: int = 600
    silence_counts_s: int = 120
    context_s: int = Field(300, ge=0, description="so long after an answer 多久, 怎么办理 mean its matter")
    idle_close_s: int = 1800
    offer_s: int = 20
    lease_s: int = 60
    wrap_up_s: int = 300
    waiting_alarm_s: int = Field(600, gt=0)
    handling_alarm_s: int = Field(300, gt=0)
    simple_s: int = Field(120, gt=0, description="handling, where the question is simple (004-20)")
    senior_s: int = Field(60, gt=0, description="a complex matter is with an experienced agent (004-87)")
    first_answer_s: int = Field(30, gt=0)
    near: float = Field(0.8, gt=0, lt=1, description="of a clock: from here it is shown as nearly over")
    average_handling_s: int = 240
    agent_limit: int = 3
    callback_due_service_s: int = 7200
    overflow: Overflow = Field(default_factory=lambda: Overflow(waiting=30, eta_s=1200))
    widen_s: int = Field(60, ge=0, description="after this wait, agents without the skill are asked too")
    recall_s: int = Field(120, ge=0, description="so long an agent may take his message back")
    quiet_s: int = Field(180, gt=0, description="so long after the agent's words: the customer says nothing")
    refusals: int = Field(3, ge=1, description="an agent's texts refused in one conversation: who leads him is told")
    hesitation_turns: int = Field(1, description="large type or 65+: misunderstandings until a person comes")
    urgent_intents: tuple[str, ...]
    small_talk_intents: tuple[str, ...]
    queues: tuple[DeskQueue, ...]
    lines: tuple[Line, ...] = ()
    reasons: dict[str, Reason] = Field(..., description="reason code -> what it means")
    signals: tuple[Signal, ...] = ()

    @property
    def skills(self) -> dict[str, str]:
        """What an agent can be good at, id to name: groups, and lines of business."""
        return {**{one.id: one.name for one in self.queues}, **{one.id: one.name for one in self.lines}}

    @validator("reasons", pre=True)
    def _plain(cls, reasons: Any) -> Any:
        if not isinstance(reasons, dict):
            return reasons
        return {code: {"text": one} if isinstance(one, str) else one for code, one in reasons.items()}
