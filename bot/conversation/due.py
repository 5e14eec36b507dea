"""What has to be done in a conversation when its moment has come: an offer, a clock, idleness, the end of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.conversation import escalation, turns
from bot.conversation.breaches import Breaches
from bot.conversation.bringing import Bringing
from bot.conversation.clocks import WAITING
from bot.conversation.model import BOT_SPEAKS, Conversation, State
from bot.conversation.stopped import Stopped
from bot.db import Tx


class Due:
    def __init__(self, bringing: Bringing, stopped: Stopped, breaches: Breaches) -> None:
        self.bringing = bringing
        self.handoff = bringing.handoff
        self.stopped = stopped
        self.breaches = breaches

    def act(self, tx: Tx, conversation: Conversation, now: datetime) -> Conversation:
        """In the caller's transaction; nothing where nothing is due."""
        if conversation.state in BOT_SPEAKS:
            fires = escalation.fires_at(escalation.from_json(conversation.thread), self.handoff.rules)
            idle_s = (now - conversation.updated_at).total_seconds()
            if turns.is_open(tx, conversation.id):
                return conversation  # its answer comes first; it has a deadline of its own
            if conversation.state is State.BOT and fires is not None and fires <= now:
                if (stop := self.stopped.where(tx, conversation, now)) is not None:
                    return self.stopped.answer(tx, conversation, stop, now, text="")
                return self.bringing.bring(tx, conversation, "five_minutes", now)
            if idle_s >= self.handoff.rules.idle_close_s:
                conversation = self.handoff.surveys.at_end(tx, conversation, now)
                return self.handoff.finish(tx, conversation, now, "closed_idle")
        elif conversation.state is State.OFFERED and conversation.offered_to:
            return self.handoff.decline(
                tx, conversation, conversation.offered_to, conversation.epoch, "not answered in time", now
            )
        elif conversation.state in (State.QUEUED, State.HUMAN):
            return self._clocks(tx, conversation, now)
        elif conversation.state is State.WRAP_UP:
            return self.handoff.finish(tx, conversation, now, None)
        return conversation

    def _clocks(self, tx: Tx, conversation: Conversation, now: datetime) -> Conversation:
        """Clocks warn the staff; the customer hears of his long wait when the supervisor has been told."""
        late, again_at = self.breaches.look(tx, conversation, now)
        if conversation.state is State.QUEUED:
            if not self.handoff.queueing.staffed(tx, conversation, now):
                return self.handoff.leave_message(tx, conversation, now)
            if WAITING in late:
                conversation = self.handoff.waited_long(tx, conversation, now)
        return replace(conversation, due_at=again_at)
