"""Who deals with a customer's message: a rule at once, the assistant in a turn, or the person who holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.conversation import escalation, signals, turns
from bot.conversation.bringing import Bringing
from bot.conversation.danger import names_emergency
from bot.conversation.incidents import Incident
from bot.conversation.intake import Kept
from bot.conversation.model import BOT_SPEAKS, Conversation, Heard, Reserved, State
from bot.conversation.signals import URGENT, Signals
from bot.conversation.stopped import Stopped
from bot.conversation.survey.steps import OWN
from bot.db import Tx
from bot.knowledge import Knowledge
from bot.text.person import asks_for_person

WAITING = frozenset({State.QUEUED, State.OFFERED})


class Routing:
    def __init__(self, bringing: Bringing) -> None:
        self.bringing = bringing
        self.handoff = bringing.handoff
        self.speech = bringing.speech
        self.stopped = Stopped(bringing)

    def route(self, tx: Tx, kept: Kept, choice: str | None, now: datetime, stop: Incident | None) -> Conversation:
        """`stop`: the assistant is stopped, and gives no turn."""
        handoff, seen = self.handoff, words_of(kept.text, self.speech.knowledge)
        conversation = self.bringing.notice(tx, kept.conversation, seen, now) if kept.text else kept.conversation
        kept, state = replace(kept, conversation=conversation), conversation.state
        if handoff.surveys.takes(tx, conversation, kept.text, choice, now):
            conversation = self._surveyed(tx, kept, choice, now)
        elif state in BOT_SPEAKS:
            if choice == Reserved.HUMAN.value:
                conversation = self.bringing.bring(tx, conversation, "asked", now)
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
                conversation = self.bringing.waiting(tx, conversation, seen, now)
        elif state is State.HUMAN:
            self.bringing.heard(tx, conversation, seen, now)
        elif state is State.WRAP_UP and choice != Reserved.SOLVED.value:
            conversation = handoff.back_to_agent(tx, conversation, now)
            if URGENT in seen.reasons:
                conversation = self.bringing.waiting(tx, conversation, seen, now)
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
            conversation = self.bringing.bring(tx, conversation, heard.reason, now)  # where the bot speaks
        return conversation

    def _surveyed(self, tx: Tx, kept: Kept, choice: str | None, now: datetime) -> Conversation:
        """Who is asked for his opinion and asks for the person who has just left gets him back."""
        surveys = self.handoff.surveys
        if choice is not None:
            return surveys.press(tx, kept.conversation, choice, now)
        conversation = surveys.write(tx, kept.conversation, kept.text, now)
        if conversation.state is State.WRAP_UP and asks_for_person(kept.text):
            return self.handoff.back_to_agent(tx, conversation, now)
        return conversation

    def _solved(self, tx: Tx, conversation: Conversation, now: datetime) -> Conversation:
        ended = escalation.ended(escalation.from_json(conversation.thread))
        conversation = replace(conversation, thread=escalation.to_json(ended))
        conversation, _ = self.speech.say(tx, conversation, now, self.speech.phrase("thanks"))
        return self.handoff.surveys.ask_in(tx, conversation, OWN, now)[0]


def words_of(text: str, said: Knowledge) -> Signals:
    """With the words of the emergency scripts, which are looked for in every state."""
    seen = signals.read(text, said)
    urgent = URGENT not in seen.reasons and bool(text) and names_emergency(text, said)
    return replace(seen, reasons=(URGENT, *seen.reasons)) if urgent else seen
