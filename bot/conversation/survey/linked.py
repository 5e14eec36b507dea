"""A survey that a link opens: the same questions and rows, in a conversation of its own, closed from the start.

No channel delivers it and nobody talks in it. Its log is what the page shows, so it proves what was asked and answered.
Functions take the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.conversation import store as log
from bot.conversation.model import SYSTEM, Conversation, State
from bot.conversation.service import Conversations
from bot.conversation.speech import Utterance
from bot.conversation.survey import store
from bot.conversation.survey.links import LinkGone
from bot.conversation.survey.steps import LINK, about, bare
from bot.conversation.survey.store import SKIPPED, WORDS, Asked
from bot.db import Tx
from bot.errors import InvalidInput
from bot.knowledge.model import Survey
from bot.knowledge.survey import Answer, Question


@dataclass(frozen=True)
class Step:
    """What the page shows: a question (None: there is none) as it was asked, and what was said to the last answer."""

    number: int
    question: str | None = None
    text: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # (answer's id, label)
    free: bool = False
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """An answer that counts. `answer` is None where the question was skipped or answered in words; `text` is masked."""

    conversation: Conversation
    question: Question
    seq: int
    answer: Answer | None
    text: str


class Linked:
    def __init__(self, conversations: Conversations) -> None:
        self.conversations = conversations
        self.speech = conversations.speech
        self.surveys = conversations.handoff.surveys

    @property
    def survey(self) -> Survey:
        return self.surveys.survey

    def begin(self, tx: Tx, conversation_id: str, subject: str, at: datetime) -> None:
        """Asks the first question. The caller has looked that nothing was asked about the subject before."""
        made = log.create(tx, id=conversation_id, channel=LINK, at=at)
        asked = self.surveys.ask_next(tx, replace(made, state=State.CLOSED, holder=None), subject, at)
        assert asked is not None
        self.conversations.settle(tx, asked)

    def subject(self, tx: Tx, conversation_id: str, at: datetime) -> str:
        """What the link asks about. Raises LinkGone: nothing, or not any more."""
        found = store.in_conversation(tx, conversation_id)
        if not found:
            raise LinkGone()
        conversation = log.get(tx, conversation_id)
        if conversation.channel != LINK or at - conversation.created_at >= timedelta(days=self.survey.link_days):
            raise LinkGone()
        return found[0].subject_id

    def step(self, tx: Tx, conversation_id: str) -> Step:
        asked, events = store.in_conversation(tx, conversation_id), log.read(tx, conversation_id)
        last = max((e.seq for e in events if e.actor.kind == "customer"), default=0)
        said = tuple(str(e.payload["text"]) for e in events if e.kind == "notice" and e.seq > last)
        open_ = self._open(asked)
        if open_ is None:
            return Step(len(asked), said=said or (self.speech.phrase("survey_thanks").text,))
        shown = next(e.payload for e in events if e.seq == open_.seq)
        choices = tuple((bare(one["id"]), str(one["label"])) for one in shown["choices"])
        free = shown.get("input") == "text"
        return Step(len(asked), open_.question, str(shown["text"]), choices, free, said)

    def take(
        self, tx: Tx, conversation_id: str, question: str, choice: str | None, text: str | None, at: datetime
    ) -> Taken | None:
        """One answer, kept as in a chat: masked, in the log, in its row. None: the question is not open any more.

        Raises InvalidInput: the question has no such answer, no words, or too many.
        """
        conversation = log.get(tx, conversation_id, lock=True)
        open_ = self._open(store.in_conversation(tx, conversation_id))
        if open_ is None or open_.question != question:
            return None
        meant = self.survey.meant(choice) if choice is not None else None
        asked = self.survey.question(question)
        assert asked is not None
        if choice is not None and (meant is None or meant[0] != asked):
            raise InvalidInput("no such answer", phrase="problem_no_such_choice", field="choice")
        if text is not None and not asked.free:
            raise InvalidInput("it is answered by a button", phrase="problem_no_such_choice", field="text")
        intake = self.conversations.intake
        body = intake.body(text, None if choice is None else about(choice, open_.subject_id))
        kept = intake.keep(tx, conversation, at, f"survey/{question}", intake.fingerprint(body), {}, **body)
        given = meant[1] if meant else None
        id_ = given.id if given else SKIPPED if choice is not None else WORDS
        store.answer(tx, open_, id_, at, points=given.points if given else None, text=kept.text or None)
        return Taken(kept.conversation, asked, kept.seq, given, kept.text)

    def go_on(self, tx: Tx, taken: Taken, subject: str, said: Utterance | None, at: datetime) -> None:
        """Says what there is to say to the answer, and asks the next question; after the last one, thanks."""
        conversation = taken.conversation
        if said is not None:
            conversation, _ = self.speech.say(tx, conversation, at, replace(said, kind="notice"), actor=SYSTEM)
        asked = self.surveys.ask_next(tx, conversation, subject, at)
        if asked is None and said is None:
            asked = self.surveys.thank(tx, conversation, at)
        self.conversations.settle(tx, asked or conversation)

    def _open(self, asked: list[Asked]) -> Asked | None:
        """The question that waits. One that the bank has taken out of survey.yml does not."""
        return next((one for one in asked if one.open and self.survey.question(one.question) is not None), None)
