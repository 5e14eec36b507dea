"""The only door out to a customer: every text passes the guard before it is stored and delivered.

Bot: completed with what the law wants, else replaced by a safe line and handed to a person. Agent: allowed, or refused
with reasons and a completed version; an override needs a role and a reason and never drops a mandatory text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.clock import day_of
from bot.compliance import Context, Facts, Finding, Verdict, check
from bot.compliance.second import Reader
from bot.conversation import incidents, store
from bot.conversation.incidents import TOPIC
from bot.conversation.model import BOT, Actor, Conversation, Event
from bot.db import Tx
from bot.errors import RefusedByGuard
from bot.knowledge import Knowledge
from bot.knowledge.model import Choice
from bot.knowledge.render import sources

QUOTED = "\ue000{}\ue001"  # stands for the customer's own words while the guard reads (private use characters)


Made = tuple[str, str, str]  # (kind, id, digest) of an entry of knowledge/


@dataclass(frozen=True)
class Utterance:
    """Something that is to be said. `topics` and `required` (disclosure ids) tell the guard what it is about."""

    text: str
    kind: str = "message"
    topics: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    quoted: tuple[str, ...] = ()  # parts of the text that repeat the customer's own words
    asked: tuple[str, ...] = ()  # what the customer wrote last, which an answer may take up
    script: Mapping[str, Any] | None = None
    case: Mapping[str, Any] | None = None
    input: str | None = None  # "text": it asks for words, also after the end
    internal: Mapping[str, Any] = field(default_factory=dict)
    made_of: tuple[Made, ...] = ()


@dataclass(frozen=True)
class Passed:
    """What the guard lets out. `utterance`: what is said, or what is said instead; `internal`: how it was judged, as
    the log keeps it."""

    utterance: Utterance
    verdict: Verdict
    internal: Mapping[str, Any]

    @property
    def text(self) -> str:
        verdict = self.verdict
        return verdict.completed_text if verdict.action != "allow" and verdict.completed_text else verdict.text


class Speech:
    """`held`: inside it `knowledge` stays the same, whatever is exchanged. `second` reads what people type."""

    def __init__(
        self,
        knowledge: Knowledge,
        held: Callable[[], AbstractContextManager[object]] = nullcontext,
        second: Reader | None = None,
    ) -> None:
        self.knowledge = knowledge
        self.held = held
        self.second = second

    def phrase(self, phrase_id: str, topics: tuple[str, ...] = (), **values: Any) -> Utterance:
        """A line of the assistant itself, with its blanks filled in."""
        knowledge = self.knowledge
        text, choices = knowledge.phrase(phrase_id, **{k: str(v) for k, v in values.items()})
        return Utterance(
            text,
            topics=topics,
            choices=choices,
            internal={"phrase": phrase_id},
            made_of=_made_of(knowledge, [("phrase", phrase_id)]),
        )

    def script(
        self, script_id: str, wording: int, at: datetime, *, channel: str | None = None, large_type: bool = False
    ) -> Utterance:
        """An approved answer in one of its wordings: the one for who reads there, in that type."""
        knowledge, day = self.knowledge, day_of(at)
        rendered = knowledge.render(knowledge.script(script_id), wording, day, channel, large_type)
        return Utterance(
            rendered.text,
            topics=rendered.topics,
            required=rendered.disclosures,
            choices=rendered.choices,
            script=rendered.script.dict(),
            internal={
                "figures": list(rendered.figures),
                "wording": wording,
                **({"variant": rendered.variant} if rendered.variant else {}),
            },
            made_of=_made_of(knowledge, [("script", script_id), *(("figure", id_) for id_ in rendered.figures)]),
        )

    def made_of(self, *used: tuple[str, str]) -> tuple[Made, ...]:
        return _made_of(self.knowledge, used)

    def say(
        self,
        tx: Tx,
        conversation: Conversation,
        at: datetime,
        utterance: Utterance,
        *,
        actor: Actor = BOT,
        key: str | None = None,
        override_reason: str | None = None,
        confirmed: bool = False,
        extra_choices: Iterable[Choice] = (),
    ) -> tuple[Conversation, Event]:
        """Let one text out: guard, append, in the caller's transaction. Raises as `passed`."""
        passed = self.passed(tx, utterance, at, actor, override_reason=override_reason, confirmed=confirmed)
        utterance = passed.utterance
        seen = {choice.id for choice in utterance.choices}
        choices = [*utterance.choices, *(c for c in extra_choices if c.id not in seen)]
        return store.append(
            tx,
            conversation,
            kind=utterance.kind,
            actor=actor,
            at=at,
            key=key,
            payload={
                "text": passed.text,
                "choices": [choice.dict() for choice in choices] or None,
                "script": utterance.script,
                "disclosures": self.titled(passed.verdict) or None,
                "case": utterance.case,
                "input": utterance.input,
                "state": conversation.state.value if utterance.kind == "state" else None,
                "holder": conversation.holder if utterance.kind == "state" else None,
                "internal": dict(passed.internal) or None,
            },
        )

    def passed(
        self,
        tx: Tx,
        utterance: Utterance,
        at: datetime,
        actor: Actor = BOT,
        *,
        override_reason: str | None = None,
        confirmed: bool = False,
    ) -> Passed:
        """One text as it may leave, by whichever way.

        Raises RefusedByGuard (rules, reasons, completed_text, confirmable) for a person's text that may not go out as
        it is. What the guard only doubts goes out when he has `confirmed` that he looked at it again.
        """
        verdict = self.judge(tx, utterance, at, actor)
        internal = dict(utterance.internal)
        judged: dict[str, Any] = {"verdict": verdict.action}
        findings = verdict.findings
        if actor.kind == "agent" and verdict.action != "allow":
            if verdict.action == "doubt" and confirmed:
                internal["confirmed"] = True
            elif override_reason is None:
                raise _refusal(verdict)
            else:
                internal["override"] = {"reason": override_reason, "text": utterance.text}
        elif verdict.action == "refuse":
            internal["refused"] = utterance.text
            judged["refused"] = utterance.made_of
            utterance = self.phrase("guard_safe")
            verdict = self.preview(utterance, at, actor)
        if findings:
            internal["findings"] = [{"rule": f.rule, "reason": f.reason} for f in findings]
        if utterance.text:
            internal["record"] = {
                **judged,
                **({"reader": self.second.name} if actor.kind == "agent" and self.second else {}),
                "knowledge": self.knowledge.digest[:32],
                "items": [*utterance.made_of, *self._judged_by(verdict)],
            }
        return Passed(utterance, verdict, internal)

    def _judged_by(self, verdict: Verdict) -> tuple[Made, ...]:
        return _made_of(
            self.knowledge, [*(("disclosure", shown.id) for shown in verdict.disclosures), ("guard", "guard")]
        )

    def judge(self, tx: Tx, utterance: Utterance, at: datetime, actor: Actor = BOT) -> Verdict:
        """What the guard makes of it now. What people type about a stopped topic is refused with the reason; no
        warning completes it."""
        verdict = self.preview(utterance, at, actor)
        if actor.kind != "agent":
            return verdict
        found = [
            Finding(f"incident:{one.subject}", self.phrase("incident_agent", topic=one.subject, why=one.why).text)
            for one in incidents.in_force(tx, at)
            if one.kind == TOPIC and one.subject in verdict.topics
        ]
        if not found:
            return verdict
        return replace(verdict, action="refuse", findings=(*found, *verdict.findings), completed_text=None)

    def titled(self, verdict: Verdict) -> list[dict[str, Any]]:
        """The mandatory texts that stand in what was said, by name and version."""
        known = self.knowledge.disclosures
        return [{**shown.dict(), "title": known[shown.id].title} for shown in verdict.disclosures]

    def preview(self, utterance: Utterance, at: datetime, actor: Actor = BOT) -> Verdict:
        """What the guard makes of it, without saying it."""
        day = day_of(at)
        quoted = sorted(filter(None, set(utterance.quoted)), key=lambda words: (-len(words), words))
        verdict = check(
            _covered(utterance.text, quoted),
            Context(
                topics=frozenset(utterance.topics),
                required=utterance.required,
                author="agent" if actor.kind == "agent" else "bot",
                approved=utterance.script is not None or bool({"phrase", "survey"} & set(utterance.internal)),
                quoted=utterance.asked,
                facts=facts(self.knowledge, day),
                second=self.second.read if self.second and actor.kind == "agent" else None,
            ),
            self.knowledge.guard,
            [d for d in self.knowledge.disclosures.values() if d.in_force(day)],
        )
        return replace(
            verdict,
            text=_uncovered(verdict.text, quoted),
            completed_text=verdict.completed_text and _uncovered(verdict.completed_text, quoted),
        )


def facts(knowledge: Knowledge, day: date) -> Facts:
    """What the guard holds a text against on this day."""
    return Facts(
        knowledge.bank.domains,
        tuple(figure for figure in knowledge.figures.values() if figure.in_force(day)),
        lambda figures: sources(figures, knowledge.phrases),
    )


def _made_of(knowledge: Knowledge, used: Iterable[tuple[str, str]]) -> tuple[Made, ...]:
    """Which content exactly: years later `qiantai evidence` shows it, however knowledge/ has changed since."""
    digests = knowledge.digests
    return tuple((kind, id_, digests[kind, id_]) for kind, id_ in used if (kind, id_) in digests)


def _covered(text: str, quoted: Sequence[str]) -> str:
    """In one pass, the longest first: what covers one quotation is no part of another."""
    if not quoted:
        return text
    return re.sub("|".join(map(re.escape, quoted)), lambda found: QUOTED.format(quoted.index(found[0])), text)


def _uncovered(text: str, quoted: Sequence[str]) -> str:
    return re.sub(QUOTED.format(r"(\d+)"), lambda found: quoted[int(found[1])], text) if quoted else text


def _refusal(verdict: Verdict) -> RefusedByGuard:
    return RefusedByGuard(
        rules=[finding.rule for finding in verdict.findings],
        reasons=[finding.reason for finding in verdict.findings],
        completed_text=None if verdict.action == "refuse" else verdict.completed_text,  # warnings heal no promise
        confirmable=verdict.action == "doubt",
    )
