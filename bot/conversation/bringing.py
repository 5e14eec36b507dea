"""A person is brought for a reason, and what the reason asks for besides: kind words, a place further ahead, a warning.

What a customer's words tell (`signals`) is noticed in every state: by the assistant, in the queue, and while a person
holds. Functions take the caller's transaction and a locked conversation, and give the changed one back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.conversation import handovers, store
from bot.conversation.handoff import Handoff
from bot.conversation.model import BOT_SPEAKS, SYSTEM, Conversation
from bot.conversation.signals import CARE, EMOTION, NOTHING, URGENT, Signals
from bot.conversation.warning import Warn
from bot.db import Tx
from bot.privacy.audit import Action, audit

KIND = "signal"
COMPLAINT, ASKED = "complaint", "asked"


class Bringing:
    def __init__(self, handoff: Handoff, warn: Warn) -> None:
        self.handoff = handoff
        self.speech = handoff.speech
        self.warn = warn

    def bring(
        self, tx: Tx, conversation: Conversation, reason: str, at: datetime, seen: Signals = NOTHING
    ) -> Conversation:
        """`Handoff.bring_person`, and who must know of this reason is told. Where a person is already: nothing.

        The first reason wins; what else was `seen` in his words counts for his place, and is told as well.
        """
        if conversation.state not in BOT_SPEAKS:
            return conversation
        if reason == ASKED and (conversation.flow or "").startswith(COMPLAINT):
            reason = COMPLAINT
        careful = (CARE,) if conversation.careful else ()
        ahead_s = self._ahead(*seen.reasons, *careful)
        brought = self.handoff.bring_person(tx, replace(conversation, ahead_s=ahead_s), reason, at)
        for told in {reason, *seen.reasons}:
            self.tell(tx, brought, told, at)
        rules = self.handoff.rules
        return replace(brought, senior=brought.senior or any(rules.reasons[code].senior for code in seen.reasons))

    def _ahead(self, *reasons: str) -> int:
        """Seconds of waiting that the gravest of them gives."""
        return max((self.handoff.rules.reasons[reason].ahead_s for reason in reasons), default=0)

    def soothe(self, tx: Tx, conversation: Conversation, reason: str | None, at: datetime) -> Conversation:
        """Kind words before anything else, where the reason has some; once in a conversation (004-40)."""
        phrase = self.handoff.rules.reasons[reason].soothe if reason is not None else None
        if phrase is None or store.was_said(tx, conversation.id, phrase):
            return conversation
        return self.speech.say(tx, conversation, at, self.speech.phrase(phrase))[0]

    def notice(self, tx: Tx, conversation: Conversation, seen: Signals, at: datetime) -> Conversation:
        """What is kept of the customer's words, whoever holds. Nothing that he could see changes by it."""
        conversation = replace(conversation, mood=max(seen.mood, conversation.mood - 1, 0))
        handovers.felt(tx, conversation)
        if CARE in seen.reasons:
            conversation = replace(conversation, context={**conversation.context, CARE: "stated"})
        for flag in seen.flags:
            if flag not in conversation.flags:
                conversation = self._flag(tx, conversation, flag, at)
        return conversation

    def waiting(self, tx: Tx, conversation: Conversation, seen: Signals, at: datetime) -> Conversation:
        """He is in the queue already: the reason stays (rule 9), the place rises, and he reads what helps now."""
        if seen.reasons:
            conversation = replace(conversation, ahead_s=max(conversation.ahead_s, self._ahead(*seen.reasons)))
            store.save(tx, conversation)  # the place that he reads is his new one
        for reason in seen.reasons:
            self.tell(tx, conversation, reason, at)
        if URGENT not in seen.reasons:
            return self.handoff.queue_notice(tx, self.soothe(tx, conversation, foremost(seen), at), at)
        wait = self.handoff.queueing.wait(tx, conversation, at)
        notice = replace(self.speech.phrase("queue_urgent", **wait), kind="notice")
        return self.speech.say(tx, conversation, at, notice, actor=SYSTEM)[0]

    def heard(self, tx: Tx, conversation: Conversation, seen: Signals, at: datetime) -> None:
        """Nobody is brought, a person holds or the form goes on: who must know of it is told all the same."""
        for reason in seen.reasons:
            self.tell(tx, conversation, reason, at)

    def tell(self, tx: Tx, conversation: Conversation, reason: str, at: datetime) -> None:
        """Whom the reason must be told to: once for each reason and each entry into the queue."""
        meant = self.handoff.rules.reasons[reason]
        if meant.warn is None:
            return
        said, entry = self.speech.knowledge, handovers.open_of(tx, conversation.id)
        text = (
            said.phrase("alert_emotion")[0] if reason == EMOTION else said.phrase("alert_reason", reason=meant.text)[0]
        )
        key = f"{reason}/{entry.epoch if entry else conversation.epoch}"
        self.warn(tx, kind=KIND, role=meant.warn, text=text, conversation_id=conversation.id, key=key, at=at)

    def _flag(self, tx: Tx, conversation: Conversation, flag: str, at: datetime) -> Conversation:
        """In the audit log and with those whom it is for; never in the conversation's own log, which others read."""
        signal = next(one for one in self.handoff.rules.signals if one.flag == flag)
        detail = {"flag": flag, "after": conversation.last_seq, "signal": signal.id}
        audit(tx, at, "system", Action.FLAGGED, f"conversation:{conversation.id}", detail)
        if signal.warn is not None and signal.text is not None:
            text, role = signal.text, signal.warn
            self.warn(tx, kind=KIND, role=role, text=text, conversation_id=conversation.id, key=flag[:60], at=at)
        return replace(conversation, flags=(*conversation.flags, flag))


def foremost(seen: Signals) -> str | None:
    """The reason for which a person comes at once. Age alone brings nobody: it makes us careful."""
    return next((reason for reason in seen.reasons if reason != CARE), None)
