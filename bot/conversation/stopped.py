"""The assistant is stopped: what customers read meanwhile. One notice for the stop, no handover that nobody asked for.

Nothing is asked of the model here: only choices, plain words for a person, and the words of danger are read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.conversation import escalation, store
from bot.conversation.bringing import Bringing
from bot.conversation.danger import dangerous
from bot.conversation.incidents import Incident, bot_stop
from bot.conversation.model import BOT_SPEAKS, Conversation
from bot.conversation.signals import URGENT
from bot.db import Tx
from bot.text.person import asks_for_person

NOTICE, AGAIN = "incident_bot", "incident_bot_again"
AGAIN_AFTER = timedelta(minutes=5)
UNREAD = timedelta(seconds=2)  # whoever wrote so soon after the notice had not read it: in WeChat both come at once


class Stopped:
    def __init__(self, bringing: Bringing) -> None:
        self.bringing = bringing
        self.speech = bringing.speech

    def where(self, tx: Tx, conversation: Conversation, now: datetime) -> Incident | None:
        """The stop in force, where the assistant would speak."""
        return bot_stop(tx, now) if conversation.state in BOT_SPEAKS else None

    def answer(
        self, tx: Tx, conversation: Conversation, stop: Incident, now: datetime, *, seq: int | None = None, text: str
    ) -> Conversation:
        """To a message (`seq`, masked `text`) that no turn may answer.

        The notice once, then the short line at most once in five minutes. Who asks for a person in plain words gets
        one; who writes of danger reads the notice with its emergency numbers again, and gets one too.
        """
        if asks_for_person(text):
            return self.bringing.bring(tx, conversation, "asked", now)
        if dangerous(text, self.speech.knowledge):
            conversation = self._say(tx, conversation, stop, NOTICE, now, seq)
            return self.bringing.bring(tx, conversation, URGENT, now)
        said = self._said(tx, conversation, stop)
        if NOTICE not in said:
            conversation = self._say(tx, conversation, stop, NOTICE, now, seq)
        elif now - said[NOTICE] < UNREAD:
            pass
        elif AGAIN not in said or now - said[AGAIN] >= AGAIN_AFTER:
            conversation = self._say(tx, conversation, stop, AGAIN, now, seq)
        # what we do not answer must not count as an answer that did not help, nor as five minutes of trying
        ended = escalation.ended(escalation.from_json(conversation.thread))
        return replace(conversation, thread=escalation.to_json(ended))

    def _said(self, tx: Tx, conversation: Conversation, stop: Incident) -> dict[str, datetime]:
        """When each phrase was last said for this stop."""
        said = {}
        for event in store.read(tx, conversation.id):
            internal = event.payload.get("internal") or {}
            if (internal.get("incident") or {}).get("id") == stop.id and "phrase" in internal:
                said[internal["phrase"]] = event.at
        return said

    def _say(
        self, tx: Tx, conversation: Conversation, stop: Incident, phrase: str, now: datetime, seq: int | None
    ) -> Conversation:
        line = self.speech.phrase(phrase)
        known = {**line.internal, **mark(stop)}
        if seq is not None:
            known["replying_to"] = seq
        return self.speech.say(tx, conversation, now, replace(line, internal=known))[0]


def mark(stop: Incident | None) -> dict[str, Any]:
    """What the record says of a message that came while the assistant was stopped."""
    return {} if stop is None else {"incident": stop.mark()}
