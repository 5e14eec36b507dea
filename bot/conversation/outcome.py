"""What a turn of the assistant comes to: its acts become words, and the escalation rules have the last say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clock import day_of
from bot.conversation import escalation, incidents, signals, store
from bot.conversation.bringing import Bringing, foremost
from bot.conversation.escalation import Decision, Observed, Thread
from bot.conversation.incidents import Incident
from bot.conversation.model import (
    Act,
    Answer,
    Clarify,
    Conversation,
    Earlier,
    EndThread,
    Event,
    Flow,
    Handover,
    Line,
    Reserved,
    State,
    TurnOutput,
    Understanding,
)
from bot.conversation.signals import EMOTION, URGENT, Signals
from bot.conversation.speech import Utterance
from bot.db import Tx
from bot.knowledge.model import Choice, Label
from bot.knowledge.vocabulary import FALLBACK, OUT_OF_SCOPE
from bot.text.normalise import has_words

STRONG = 0.6  # below this an "affirm" or "deny" decides nothing: an emoji alone came out as affirm at 0.34
CONTROL_CHOICES = {"complaint": Reserved.COMPLAINT, "human_agent": Reserved.HUMAN}


class Outcome:
    def __init__(self, bringing: Bringing) -> None:
        self.bringing = bringing
        self.handoff = bringing.handoff
        self.speech = bringing.speech
        self.knowledge = bringing.speech.knowledge

    def carry_out(
        self, tx: Tx, conversation: Conversation, event: Event, output: TurnOutput, now: datetime
    ) -> Conversation:
        """Say a turn's acts, count it, and bring a person where the rules say so. All in the caller's transaction."""
        thread = escalation.from_json(conversation.thread)
        thread, decision, acts = self._decide(tx, conversation, thread, event, output)
        seen = self._seen(conversation, event, output)
        reason = foremost(seen)
        stop, acts = self._without_stopped(tx, acts, now)
        if stop is not None:  # our fault, not his question's: no repeat, and no handover that he has not asked for
            thread = thread if conversation.flow else escalation.ended(thread)
            decision = Decision("answer")
        why: dict[str, Any] = {
            "replying_to": event.seq,
            "understanding": output.understanding.record(),
            **({"also": [one.record() for one in output.also]} if output.also else {}),
            **({"signals": list(seen.ids)} if seen.ids else {}),
            **({"incident": stop.mark()} if stop is not None else {}),
            "step": decision.step,
            "flow": conversation.flow,
        }
        conversation = self.bringing.soothe(tx, conversation, reason, now)
        person: str | None = decision.reason if decision.step == "handover" else None
        person = reason if reason == URGENT else person or reason
        if reason is not None and person == reason:  # who comes to a person at once is not asked what he meant
            acts = [act for act in acts if not isinstance(act, Clarify)]
        for act in self._servable(acts, now):
            if isinstance(act, Handover):
                person = act.reason if act.reason == URGENT else person or act.reason
            elif isinstance(act, Flow):
                conversation, thread = self._flow(conversation, thread, act, now)
            elif isinstance(act, EndThread):
                thread = escalation.ended(thread)
            else:
                conversation, thread, refused = self._say(tx, conversation, thread, act, decision, why, now)
                person = person or ("refused" if refused else None)  # what may not be said, a person says
        thread = escalation.answered(thread, None, now, self.handoff.rules)
        comes = person is not None and not self._stays(conversation, person)
        if decision.step == "propose" and not comes:
            proposal = self.speech.phrase("propose_human")
            conversation, _ = self.speech.say(tx, conversation, now, proposal)
        conversation = replace(conversation, thread=escalation.to_json(thread))
        if decision.step == "stay":
            return self.handoff.stay(tx, conversation, now)
        if person is not None and comes:
            return self.bringing.bring(tx, conversation, person, now, seen)
        self.bringing.heard(tx, conversation, seen, now)
        return conversation

    def _seen(self, conversation: Conversation, event: Event, output: TurnOutput) -> Signals:
        """What his own words tell. A form hears his whole story, and only his anger is answered there."""
        if event.payload.get("choice"):
            return signals.NOTHING
        seen = signals.read(event.payload["text"], self.knowledge, output.understanding.intent)
        if conversation.flow is None:
            return seen
        return replace(seen, reasons=tuple(reason for reason in seen.reasons if reason == EMOTION))

    def earlier(self, tx: Tx, conversation: Conversation, now: datetime) -> Earlier | None:
        """The matter that he was last answered about, or that a person gave back, while it may be leant on."""
        thread = escalation.from_json(conversation.thread)
        matter = escalation.leans_on(thread)
        if thread.topic is not None and thread.answered_seq:
            matter = thread.topic, store.event_at(tx, conversation.id, thread.answered_seq).at
        if matter is None or (now - matter[1]).total_seconds() > self.handoff.rules.context_s:
            return None
        intent, _, product = matter[0].partition("/")
        return Earlier(intent, product or None)

    def _without_stopped(self, tx: Tx, acts: Sequence[Act], now: datetime) -> tuple[Incident | None, Sequence[Act]]:
        """A stopped script is never said: one notice in its place. In danger a person still comes."""
        stops = incidents.in_force(tx, now)
        stop: Incident | None = None
        kept: list[Act] = []
        for act in acts:
            script = self.knowledge.scripts.get(_script_of(act) or "")
            found = incidents.stop_of(stops, script)
            if found is None:
                kept.append(act)
            elif stop is None:
                stop = found
                kept.append(Line("incident_script"))
        return stop, kept

    def _servable(self, acts: Sequence[Act], now: datetime) -> list[Act]:
        """An expired script is never served: then we say so, and a person answers."""
        day = day_of(now)
        scripts = self.knowledge.scripts
        served: list[Act] = []
        for act in acts:
            script = _script_of(act)
            if script is not None and not (script in scripts and scripts[script].valid_on(day)):
                served += [Line("no_script"), Handover("no_answer")]
            else:
                served.append(act)
        return served

    def failed(self, tx: Tx, conversation: Conversation, event: Event, now: datetime) -> Conversation:
        """No answer in time: an honest line, and a person (004-39)."""
        line = self.speech.phrase("turn_failed")
        line = replace(line, internal={**line.internal, "replying_to": event.seq})
        conversation, _ = self.speech.say(tx, conversation, now, line)
        return self.bringing.bring(tx, conversation, "failed", now)

    def _decide(
        self, tx: Tx, conversation: Conversation, thread: Thread, event: Event, output: TurnOutput
    ) -> tuple[Thread, Decision, Sequence[Act]]:
        if conversation.flow is not None:
            return thread, Decision("answer"), output.acts  # answers in a form are no questions (rule 2)
        seen = self._observed(tx, conversation, event, output.understanding)
        thread, decision = escalation.observe(thread, seen, self.handoff.rules)
        acts: Sequence[Act] = output.acts
        if decision.step == "stay" or (decision.step == "handover" and seen.kind in ("affirm", "unclear")):
            acts = [act for act in acts if isinstance(act, Handover)]
        elif seen.kind == "dissatisfied" and decision.step in ("reword", "propose") and thread.script:
            acts = [*acts, Answer(thread.script)]  # another approved wording of what did not help (rule 4)
        elif decision.step in ("reword", "propose"):  # a line in the place of a script has one wording: then both
            acts = [*acts, *(Answer(act.answers) for act in acts if isinstance(act, Line) and act.answers)]
        return thread, decision, acts

    def _observed(self, tx: Tx, conversation: Conversation, event: Event, understanding: Understanding) -> Observed:
        intent, product = understanding.intent, understanding.product
        choice = event.payload.get("choice")
        return Observed(
            seq=event.seq,
            at=event.at,
            text=event.payload["text"],
            kind="dissatisfied" if choice == Reserved.NOT_SOLVED.value else self._kind(understanding, conversation),
            topic=(f"{intent}/{product}" if product else intent) if self._is_question(intent) else None,
            entities=tuple(
                sorted({f"{e['entity']}={e['value']}" for e in understanding.entities if e["entity"] != "phone"})
            ),  # how to be reached makes no other question of it
            choice=choice is not None and choice != Reserved.NOT_SOLVED.value,
            before_answer=self._before_answer(tx, conversation, event),
            large_type=conversation.careful,
            again=None if understanding.with_earlier else understanding.again,
        )

    def _kind(self, understanding: Understanding, conversation: Conversation) -> str:
        intent = understanding.intent
        if intent in ("affirm", "deny"):
            strong = understanding.confidence >= STRONG and has_words(understanding.text)
            return intent if strong else "other"
        if intent == FALLBACK or (intent == OUT_OF_SCOPE and conversation.careful):
            return "unclear"  # in large type who is not understood gets a person, whatever the reason (L19)
        if intent == "dissatisfied":
            return "dissatisfied"
        return "question" if self._is_question(intent) else "other"

    def _is_question(self, intent: str) -> bool:
        known = self.knowledge.intents.get(intent)
        return known is not None and known.kind == "question"

    def _before_answer(self, tx: Tx, conversation: Conversation, event: Event) -> bool:
        """Was the message before this one still without an answer when this one was written? (rule 2)"""
        log = store.read(tx, conversation.id)
        earlier = [e.seq for e in log if e.actor.kind == "customer" and e.seq < event.seq]
        if not earlier:
            return False
        replies = [e.seq for e in log if e.payload.get("internal", {}).get("replying_to") == earlier[-1]]
        return not any(seq < event.seq for seq in replies) and bool(replies)

    def _say(
        self,
        tx: Tx,
        conversation: Conversation,
        thread: Thread,
        act: Answer | Clarify | Line,
        decision: Decision,
        why: dict[str, Any],
        now: datetime,
    ) -> tuple[Conversation, Thread, bool]:
        """Gives also whether the guard refused it."""
        extra: list[Choice] = []
        if isinstance(act, Answer):
            said = thread.wordings.get(act.script, 0)
            utterance = self.speech.script(
                act.script, said, now, channel=conversation.channel, large_type=conversation.large_type
            )
            thread = replace(thread, script=act.script, wordings={**thread.wordings, act.script: said + 1})
            if decision.step in ("reword", "propose"):
                extra = list(self.knowledge.phrase("repeat_offer")[1])  # 转人工 beside it (rule 4)
        elif isinstance(act, Clarify):
            utterance = self._clarify(act.labels, why["understanding"]["product"], conversation.channel, now)
        else:
            utterance = self.speech.phrase(act.phrase, topics=act.topics, **act.values)
            utterance = replace(utterance, case=act.case, quoted=tuple(act.values[name] for name in act.quoted))
            if act.answers is not None:
                thread = replace(thread, script=act.answers)
                extra = list(self.speech.script(act.answers, 0, now).choices)
        utterance = replace(utterance, internal={**utterance.internal, **why})
        conversation, event = self.speech.say(tx, conversation, now, utterance, extra_choices=extra)
        answer = event.seq if _script_of(act) is not None else None
        refused = "refused" in event.payload["internal"]
        return conversation, escalation.answered(thread, answer, now, self.handoff.rules), refused

    def _clarify(self, labels: tuple[str, ...], product: str | None, channel: str, now: datetime) -> Utterance:
        """Ask back with at most three choices in the customer's words, to be answered by button, number or new words.

        WeChat lists choices by number itself. What was offered stands in the record: with what the customer chooses
        it is a line to learn from (`qiantai evaluate choices`).
        """
        day = day_of(now)
        choices: dict[str, Choice] = {}
        for label in labels:
            known = self.knowledge.intents.get(label)
            script = self.knowledge.script_for(label, product, day)
            id_ = CONTROL_CHOICES[label].value if label in CONTROL_CHOICES else script and script.id
            if known is not None and id_:
                of = self.knowledge.products.get(script.product or "") if script is not None else None
                named = f"{of.name}：{known.words}" if of is not None else known.words
                choices.setdefault(id_, Choice(id=id_, label=Label(named[:20])))
        if not choices:
            return self.speech.phrase("not_understood")
        offered = list(choices.values())[:3]
        matters = "，".join(f"{place} {choice.label}" for place, choice in enumerate(offered, start=1))
        wechat = channel == "wechat"
        ask = self.speech.phrase("clarify") if wechat else self.speech.phrase("clarify_numbered", matters=matters)
        more = (choice for choice in ask.choices if choice.id not in choices)
        asked_back = {"asked_back": [choice.id for choice in offered]}
        return replace(ask, choices=(*offered, *more), internal={**ask.internal, **asked_back})

    def _flow(
        self, conversation: Conversation, thread: Thread, act: Flow, now: datetime
    ) -> tuple[Conversation, Thread]:
        opened, ended = conversation.flow is None and act.name, conversation.flow and act.name is None
        if opened:
            thread = escalation.paused(thread, now, self.handoff.rules)
        elif ended:
            thread = escalation.resumed(thread, now)
        return replace(conversation, flow=act.name), thread

    def _stays(self, conversation: Conversation, reason: str) -> bool:
        """Who hands in a complaint in anger goes on with it, a person beside it (004-40).

        And a callback that is promised already: only who asks again, or is in danger, hears of it again (rule 8).
        """
        if reason == EMOTION and conversation.flow is not None:
            return True
        return conversation.state is State.MESSAGE_LEFT and reason not in ("asked", URGENT)


def _script_of(act: Act) -> str | None:
    """The script that it says, or that it stands for."""
    return act.script if isinstance(act, Answer) else act.answers if isinstance(act, Line) else None
