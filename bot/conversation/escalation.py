"""When the assistant brings a person: pure decisions over one conversation's thread.

The ten rules are those of the design, "When the assistant brings a person"; the numbers come from
`knowledge/escalation.yml`. A thread (consecutive turns on one topic) lives as JSON beside the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.knowledge.model import Escalation
from bot.text.similarity import similarity

# What the five-minute clock does with the time that passes now.
ANSWERING = "answering"  # the customer waits for us: all of it counts
SILENT = "silent"  # we wait for the customer: at most `silence_counts_s` counts
STOPPED = "stopped"  # no thread, a complaint form is open, or a person holds: nothing counts


@dataclass(frozen=True)
class Question:
    seq: int
    text: str
    entities: tuple[str, ...]  # "product=mortgage", sorted


@dataclass(frozen=True)
class Thread:
    """What one topic has come to so far. Empty when the customer has asked nothing yet."""

    topic: str | None = None
    questions: tuple[Question, ...] = ()
    answered_seq: int = 0  # sequence number of the last answer delivered in this thread
    script: str | None = None  # the script it said
    repeats: int = 0
    proposed: bool = False
    stayed: bool = False
    repeats_at_stay: int = 0
    counted_s: float = 0.0
    counted_to: datetime | None = None
    clock: str = STOPPED
    misunderstandings: int = 0  # in a row; outlives the thread
    wordings: Mapping[str, int] = field(default_factory=dict)  # script -> how often it was said; outlives the thread
    before: Mapping[str, str] | None = (
        None  # {"topic", "at"}: what a person gave back; may be leant on, repeats nothing
    )

    @property
    def running(self) -> bool:
        return self.counted_to is not None


@dataclass(frozen=True)
class Observed:
    """One customer turn, as the rules see it."""

    seq: int
    at: datetime
    text: str
    kind: str  # question | dissatisfied | unclear | affirm | deny | other
    topic: str | None
    entities: tuple[str, ...] = ()
    choice: bool = False
    before_answer: bool = False  # sent before the answer to the message before it came
    large_type: bool = False
    again: float | None = None  # how likely an earlier question of the thread is asked in other words


@dataclass(frozen=True)
class Decision:
    """`step`: answer, reword (first repeat), propose (second), handover, stay. `reason` goes with a handover."""

    step: str
    reason: str | None = None


def observe(thread: Thread, seen: Observed, rules: Escalation) -> tuple[Thread, Decision]:
    """One customer turn: what it makes of the thread and what shall be done. The first reason wins."""
    if seen.kind in ("affirm", "deny") and thread.proposed:
        if seen.kind == "affirm":
            return thread, Decision("handover", "repeat")
        return stay(thread, seen.at, rules), Decision("stay")
    if seen.kind not in ("question", "dissatisfied", "unclear"):
        return replace(_tick(thread, seen.at, rules), misunderstandings=0), Decision("answer")

    thread = _enter(thread, seen, rules)
    repeat = _is_repeat(thread, seen, rules)
    if seen.kind == "unclear" or (seen.kind == "dissatisfied" and not repeat):
        thread = replace(thread, misunderstandings=thread.misunderstandings + 1)
        limit = rules.hesitation_turns if seen.large_type else rules.misunderstandings
        if thread.misunderstandings >= limit:
            return thread, Decision("handover", "care" if seen.large_type else "misunderstood")
    elif seen.kind == "question":
        thread = replace(thread, misunderstandings=0)

    if seen.kind == "question" and not seen.choice:
        question = Question(seen.seq, seen.text, seen.entities)
        thread = replace(thread, questions=(*thread.questions, question)[-12:])
    if repeat:
        thread = replace(thread, repeats=thread.repeats + 1)
    if repeat and seen.large_type:
        return thread, Decision("handover", "care")
    limit = thread.repeats_at_stay + rules.stay_repeats if thread.stayed else rules.handover_at_repeat
    if repeat and thread.repeats >= limit:
        return thread, Decision("handover", "repeat")
    if thread.counted_s >= time_limit(thread, rules):
        return thread, Decision("handover", "five_minutes")
    if repeat and not thread.stayed and thread.repeats >= rules.propose_at_repeat:
        return replace(thread, proposed=True), Decision("propose")
    return thread, Decision("reword" if repeat else "answer")


def answered(thread: Thread, seq: int | None, at: datetime, rules: Escalation) -> Thread:
    """We replied (`seq`: with an answer): from now on the customer's silence counts only in part."""
    if not thread.running or thread.clock == STOPPED:
        return thread
    return replace(_tick(thread, at, rules), answered_seq=seq or thread.answered_seq, clock=SILENT)


def asked(thread: Thread, at: datetime, rules: Escalation) -> Thread:
    """A message arrived: from now on the customer waits for us."""
    if not thread.running or thread.clock == STOPPED:
        return thread
    return replace(_tick(thread, at, rules), clock=ANSWERING)


def paused(thread: Thread, at: datetime, rules: Escalation) -> Thread:
    """A complaint form opened, or a person took over: the clock stands."""
    return replace(_tick(thread, at, rules), clock=STOPPED)


def resumed(thread: Thread, at: datetime) -> Thread:
    """The form is done: the clock goes on where it stood."""
    return replace(thread, counted_to=at, clock=SILENT) if thread.running else thread


def ended(thread: Thread) -> Thread:
    """Thanks, solved, another topic: only what outlives a thread is kept."""
    return Thread(wordings=thread.wordings, misunderstandings=0)


def returned(thread: Thread, at: datetime) -> Thread:
    """A person gives the customer back: counters at zero, and a short question may still mean the matter."""
    before = {"topic": thread.topic, "at": at.isoformat()} if thread.topic is not None else None
    return replace(ended(thread), before=before)


def leans_on(thread: Thread) -> tuple[str, datetime] | None:
    """The topic that a person gave back, and when; None once another thread has begun."""
    if thread.before is None or thread.topic is not None:
        return None
    return thread.before["topic"], datetime.fromisoformat(thread.before["at"])


def stay(thread: Thread, at: datetime, rules: Escalation) -> Thread:
    """The customer goes on with the assistant: two more repeats, or the longer limit (rule 7).

    Who wants to go on even then begins anew: what is used up would bring a person again at once.
    """
    if thread.counted_s >= rules.stay_limit_s:
        return ended(thread)
    return replace(
        resumed(_tick(thread, at, rules), at),
        stayed=True,
        proposed=False,
        repeats_at_stay=thread.repeats,
        misunderstandings=0,
    )


def time_limit(thread: Thread, rules: Escalation) -> int:
    return rules.stay_limit_s if thread.stayed else rules.thread_limit_s


def fires_at(thread: Thread, rules: Escalation) -> datetime | None:
    """When the thread brings a person by itself, or None when only the customer's next turn can (rules 5 and 6)."""
    if not thread.running or thread.clock == STOPPED or thread.counted_to is None:
        return None
    left = time_limit(thread, rules) - thread.counted_s
    if thread.clock == SILENT and left > rules.silence_counts_s:
        return None
    return thread.counted_to + timedelta(seconds=max(left, 0))


def to_json(thread: Thread) -> dict[str, Any]:
    data = asdict(thread)
    data["counted_to"] = thread.counted_to.isoformat() if thread.counted_to else None
    return data


def from_json(data: Mapping[str, Any]) -> Thread:
    if not data:
        return Thread()
    values = dict(data)
    values["questions"] = tuple(Question(q["seq"], q["text"], tuple(q["entities"])) for q in values["questions"])
    if values["counted_to"] is not None:
        values["counted_to"] = datetime.fromisoformat(values["counted_to"])
    return Thread(**values)


def asked_already(thread: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(question.text for question in from_json(thread).questions)


def same_topic(one: str, other: str) -> bool:
    """Topics are "intent" or "intent/product"; without a product the question is open to all of them."""
    intent, _, product = one.partition("/")
    other_intent, _, other_product = other.partition("/")
    return intent == other_intent and (not product or not other_product or product == other_product)


def _enter(thread: Thread, seen: Observed, rules: Escalation) -> Thread:
    """The thread this turn belongs to: the open one, or a new one when the topic is another (rule 1)."""
    thread = _tick(thread, seen.at, rules)
    other = thread.topic is not None and seen.topic is not None and not same_topic(thread.topic, seen.topic)
    if other and thread.running and _in_other_words(thread, seen, rules):  # the model took it for something else
        return replace(thread, clock=ANSWERING, proposed=False)
    if not thread.running or other:
        kept = ended(thread)
        return replace(
            kept,
            misunderstandings=thread.misunderstandings,
            topic=seen.topic,
            counted_to=seen.at,
            clock=ANSWERING,
        )
    named = (
        max(thread.topic or "", seen.topic or "", key=len) or None
    )  # "loan_rate/mortgage" says more than "loan_rate"
    return replace(thread, topic=named, clock=ANSWERING, proposed=False)


def _is_repeat(thread: Thread, seen: Observed, rules: Escalation) -> bool:
    """Rules 2 and 3: an answer was delivered, and the customer asks the same again or says that it did not help."""
    if seen.choice or seen.before_answer or not thread.answered_seq:
        return False
    if seen.kind == "dissatisfied":
        return True
    if _in_other_words(thread, seen, rules):
        return True
    known = {entity for question in thread.questions for entity in question.entities}
    if seen.kind != "question" or (not set(seen.entities) <= known and thread.questions):
        return False
    return any(similarity(question.text, seen.text) >= rules.similarity for question in thread.questions)


def _in_other_words(thread: Thread, seen: Observed, rules: Escalation) -> bool:
    """The judge knows entities and topics, and is believed over them; also where the model understood nothing.

    Places it does not know: who names another one asks something else.
    """
    known = {entity for question in thread.questions for entity in question.entities}
    if any(entity.startswith(("place=", "branch=")) for entity in set(seen.entities) - known):
        return False
    asked = bool(thread.questions) and bool(thread.answered_seq) and not seen.choice
    return asked and seen.kind in ("question", "unclear") and seen.again is not None and seen.again >= rules.again


def _tick(thread: Thread, at: datetime, rules: Escalation) -> Thread:
    """Count the time since the clock was last looked at."""
    if thread.counted_to is None:
        return thread
    passed = max((at - thread.counted_to).total_seconds(), 0.0)
    if thread.clock == STOPPED:
        passed = 0.0
    elif thread.clock == SILENT:
        passed = min(passed, rules.silence_counts_s)
    return replace(thread, counted_s=thread.counted_s + passed, counted_to=max(at, thread.counted_to))
