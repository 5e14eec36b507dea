"""Who deals with a customer's message: a rule at once, the assistant in a turn, or the person who holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.conversation import escalation, turns
from bot.conversation.handoff import Handoff
from bot.conversation.incidents import Incident
from bot.conversation.intake import Kept
from bot.conversation.model import BOT_SPEAKS, SYSTEM, Conversation, Heard, Reserved, State
from bot.conversation.stopped import Stopped
from bot.db import Tx

RATINGS = frozenset({Reserved.RATE_1.value, Reserved.RATE_2.value, Reserved.RATE_3.value})
WAITING = frozenset({State.QUEUED, State.OFFERED})


class Routing:
    def __init__(self, handoff: Handoff) -> None:
        self.handoff = handoff
        self.speech = handoff.speech
        self.stopped = Stopped(handoff)

    def route(self, tx: Tx, kept: Kept, choice: str | None, now: datetime, stop: Incident | None) -> Conversation:
        """`stop`: the assistant is stopped, and gives no turn."""
        handoff, conversation = self.handoff, kept.conversation
        state = conversation.state
        if choice in RATINGS:
            conversation = self._rated(tx, conversation, now)
        elif state in BOT_SPEAKS:
            if choice == Reserved.HUMAN.value:
                conversation = handoff.bring_person(tx, conversation, "asked", now)
            elif choice == Reserved.STAY.value:
                conversation = handoff.stay(tx, conversation, now)
            elif choice == Reserved.SOLVED.value:
                conversation = self._solved(tx, conversation, now)
            elif choice == Reserved.LEAVE_MESSAGE.value:
                conversation = handoff.leave_message(tx, conversation, now)
            elif stop is not None:
                conversation = self.stopped.answer(tx, conversation, stop, now, seq=kept.seq, text=kept.text)
            else:
                turns.add(tx, conversation.id, kept.seq, conversation.epoch)
                thread = escalation.from_json(conversation.thread)
                conversation = replace(
                    conversation, thread=escalation.to_json(escalation.asked(thread, now, self.handoff.rules))
                )
        elif state in WAITING:
            if choice == Reserved.CANCEL.value:
                conversation = handoff.cancel(tx, conversation, now)
            elif choice == Reserved.STAY.value:
                conversation = handoff.stay(tx, conversation, now)
            elif choice == Reserved.LEAVE_MESSAGE.value:
                conversation = handoff.leave_message(tx, conversation, now)
            else:
                conversation = handoff.queue_notice(tx, conversation, now)
        elif state is State.WRAP_UP and choice != Reserved.SOLVED.value:
            conversation = handoff.back_to_agent(tx, conversation, now)
        return conversation

    def hear(
        self, tx: Tx, conversation: Conversation, heard: Heard, now: datetime, stop: Incident | None
    ) -> Conversation:
        """While a person holds, nobody else speaks; who waits reads his place and nothing else (rule 9).

        After the person has closed, what only people understand goes back to him, and all else is answered.
        """
        state = conversation.state
        if stop is not None:
            return self.stopped.answer(tx, conversation, stop, now, text="")
        if state is State.WRAP_UP and (heard.reason is not None or heard.media is not None):
            return self.handoff.back_to_agent(tx, conversation, now)
        if heard.answer is not None and state in WAITING:
            return self.handoff.queue_notice(tx, conversation, now)
        if heard.answer is not None and (state in BOT_SPEAKS or state is State.WRAP_UP):
            line = self.speech.phrase(heard.answer, **dict[str, Any](heard.values))
            conversation, _ = self.speech.say(tx, conversation, now, line)
        if heard.reason is not None:
            conversation = self.handoff.bring_person(tx, conversation, heard.reason, now)  # where the bot speaks
        return conversation

    def _rated(self, tx: Tx, conversation: Conversation, now: datetime) -> Conversation:
        thanks = replace(self.speech.phrase("survey_thanks"), kind="notice")
        return self.speech.say(tx, conversation, now, thanks, actor=SYSTEM)[0]

    def _solved(self, tx: Tx, conversation: Conversation, now: datetime) -> Conversation:
        ended = escalation.ended(escalation.from_json(conversation.thread))
        conversation = replace(conversation, thread=escalation.to_json(ended))
        conversation, _ = self.speech.say(tx, conversation, now, self.speech.phrase("thanks"))
        return self.handoff.survey(tx, conversation, now)
