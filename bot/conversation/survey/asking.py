"""The satisfaction survey in a conversation: one question a step, each asked once, each to be skipped or passed over.

Functions take the caller's transaction and a locked conversation, and give the changed one back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.conversation import store as log_store
from bot.conversation import turns
from bot.conversation.danger import dangerous
from bot.conversation.model import BOT_SPEAKS, SYSTEM, Conversation, State
from bot.conversation.speech import Speech, Utterance
from bot.conversation.survey import store
from bot.conversation.survey.steps import LINK, OWN, buttons, is_answer, is_case, next_question, pressed
from bot.conversation.survey.store import SKIPPED, WORDS, Asked
from bot.db import Tx
from bot.errors import InvalidInput
from bot.knowledge.model import Survey
from bot.text.remarks import wants_more

ENDED = frozenset({State.WRAP_UP, State.CLOSED})  # the person has ended it, or it is over


class Surveys:
    def __init__(self, speech: Speech) -> None:
        self.speech = speech

    @property
    def survey(self) -> Survey:
        return self.speech.knowledge.survey

    def at_end(self, tx: Tx, conversation: Conversation, at: datetime) -> Conversation:
        """The conversation ends: its survey begins, or goes on where the last question was answered (002-20).

        Whoever passed over a question is not asked again.
        """
        return self.ask_next(tx, conversation, OWN, at, ended=True) or conversation

    def ask_in(self, tx: Tx, conversation: Conversation, subject: str, at: datetime) -> tuple[Conversation, bool]:
        """Begin the survey about a case (its number), or about the conversation (OWN), while the bot speaks.

        False, and nothing said or kept, so that the caller may try again later: another question is open here, a form
        is, or the customer waits for an answer, or a person speaks. False for ever where it was begun before.
        Raises InvalidInput for a subject that is neither.
        """
        if subject != OWN and not is_case(subject):
            raise InvalidInput(f"{subject!r} is no case that a survey can be about")
        free = conversation.state in BOT_SPEAKS and conversation.flow is None and not turns.is_open(tx, conversation.id)
        if not free or self._open(tx, conversation) or store.of_subject(tx, conversation.id, subject):
            return conversation, False
        asked = self.ask_next(tx, conversation, subject, at)
        return asked or conversation, asked is not None

    def takes(self, tx: Tx, conversation: Conversation, text: str | None, choice: str | None, at: datetime) -> bool:
        """Is it for the survey? An answer is, also after the end; words are, where they were just asked for.

        Who is in danger is heard, whatever was asked.
        """
        if choice is not None or not text:
            return is_answer(choice)
        return self._words(tx, conversation, at) is not None and not dangerous(text, self.speech.knowledge)

    def press(self, tx: Tx, conversation: Conversation, choice: str, at: datetime) -> Conversation:
        """An answer. One that was given already changes nothing."""
        meant = pressed(self.survey, choice)
        chain = log_store.chain_of(tx, conversation)
        asked = store.find(tx, chain, meant.subject, meant.question.id) if meant is not None else None
        if meant is None or asked is None:
            return self.thank(tx, conversation, at)
        given = meant.answer
        id_, points = (given.id, given.points) if given is not None else (SKIPPED, None)
        if not store.answer(tx, asked, id_, at, points=points):
            return self._notice(tx, conversation, "survey_again", at)
        return self._go_on(tx, conversation, asked, meant.subject, at)

    def write(self, tx: Tx, conversation: Conversation, text: str, at: datetime) -> Conversation:
        """The customer's own words (masked). What sounds like more than a remark is told where it is dealt with."""
        asked = self._words(tx, conversation, at)
        assert asked is not None
        store.answer(tx, asked, WORDS, at, text=text)
        if wants_more(text):
            more = replace(self.speech.phrase("survey_words"), kind="survey")
            return self.speech.say(tx, conversation, at, more, actor=SYSTEM)[0]
        return self._go_on(tx, conversation, asked, OWN if asked.subject_kind == OWN else asked.subject_id, at)

    def _go_on(self, tx: Tx, conversation: Conversation, asked: Asked, subject: str, at: datetime) -> Conversation:
        """The next question, or thanks. The survey that was begun last goes first; none goes on while a person speaks
        or is waited for."""
        here = asked.conversation_id == conversation.id and conversation.state in BOT_SPEAKS | ENDED
        going = here and not any(one.seq > asked.seq for one in self._open(tx, conversation))
        gone_on = self.ask_next(tx, conversation, subject, at) if going else None
        return gone_on or self.thank(tx, conversation, at)

    def ask_next(
        self, tx: Tx, conversation: Conversation, subject: str, at: datetime, ended: bool = False
    ) -> Conversation | None:
        """Ask what comes next about the subject. None: nothing does, or its last question is still open."""
        survey, before = self.survey, store.of_subject(tx, conversation.id, subject)
        ended = ended or conversation.state in ENDED
        question = next_question(survey, {one.question for one in before}, ended)
        if question is None or any(one.open for one in before):
            return None
        if not store.ask(tx, conversation.id, subject, question.id, conversation.last_seq + 1, at):
            return None
        line = Utterance(question.text)
        if subject != OWN and conversation.channel != LINK:  # a link may be opened by whoever holds the phone
            line = self.speech.phrase("survey_case", number=subject, question=question.text)
        line = replace(
            line,
            kind="survey",
            choices=buttons(survey, question, subject),
            input="text" if question.free else None,
            internal={**line.internal, "survey": {"subject": subject, "question": question.id}},
            made_of=(*line.made_of, *self.speech.made_of(("survey", question.id))),
        )
        return self.speech.say(tx, conversation, at, line, actor=SYSTEM)[0]

    def _open(self, tx: Tx, conversation: Conversation) -> list[Asked]:
        return [one for one in store.in_conversation(tx, conversation.id) if one.open]

    def _words(self, tx: Tx, conversation: Conversation, at: datetime) -> Asked | None:
        """The question that a text answers now."""
        opened = self._open(tx, conversation) if conversation.state in ENDED else []
        if not opened or at - opened[-1].asked_at > timedelta(minutes=self.survey.words_minutes):
            return None
        question = self.survey.question(opened[-1].question)
        return opened[-1] if question is not None and question.free else None

    def thank(self, tx: Tx, conversation: Conversation, at: datetime) -> Conversation:
        return self._notice(tx, conversation, "survey_thanks", at)

    def _notice(self, tx: Tx, conversation: Conversation, phrase: str, at: datetime) -> Conversation:
        line = replace(self.speech.phrase(phrase), kind="notice")
        return self.speech.say(tx, conversation, at, line, actor=SYSTEM)[0]
