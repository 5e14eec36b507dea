"""What has to be done in a conversation when its moment has come: five minutes, an offer, idleness, the end."""

from __future__ import annotations

from datetime import datetime

from bot.conversation import escalation, turns
from bot.conversation.handoff import Handoff
from bot.conversation.model import BOT_SPEAKS, Conversation, State
from bot.conversation.stopped import Stopped
from bot.db import Tx


class Due:
    def __init__(self, handoff: Handoff, stopped: Stopped) -> None:
        self.handoff = handoff
        self.stopped = stopped

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
                return self.handoff.bring_person(tx, conversation, "five_minutes", now)
            if idle_s >= self.handoff.rules.idle_close_s:
                conversation = self.handoff.survey(tx, conversation, now)
                return self.handoff.finish(tx, conversation, now, "closed_idle")
        elif conversation.state is State.OFFERED and conversation.offered_to:
            return self.handoff.decline(
                tx, conversation, conversation.offered_to, conversation.epoch, "not answered in time", now
            )
        elif conversation.state is State.QUEUED:
            if not self.handoff.staffed(tx, conversation, now):
                return self.handoff.leave_message(tx, conversation, now)
            return self.handoff.waited_long(tx, conversation, now)
        elif conversation.state is State.WRAP_UP:
            return self.handoff.finish(tx, conversation, now, None)
        return conversation
