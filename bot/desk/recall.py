"""An agent takes back what he has just said, as long as it can be: the record keeps it (desk-notes: evidence)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.conversation import store
from bot.conversation.model import Actor, Conversation, Event
from bot.conversation.recalls import recall, recalled
from bot.conversation.service import Conversations
from bot.db import Tx
from bot.desk.changing import changed, check_holder
from bot.desk.recused import Recusal
from bot.desk.staff import Agent
from bot.errors import Conflict, NotFound

Withdraw = Callable[[Tx, Conversation, int], bool]
"""Takes the message with this number out of what the channel has still to send; False when it has left, or may have."""


def reads_the_log(_tx: Tx, _conversation: Conversation, _seq: int) -> bool:
    """A channel that shows the log as it stands, such as the web chat, shows at once what was taken back."""
    return True


class Recalls:
    def __init__(self, conversations: Conversations, recusal: Recusal) -> None:
        self.recusal = recusal
        self.handoff = conversations.handoff
        self.db = conversations.db
        self.clock = conversations.clock
        self.wakeups = conversations.wakeups
        self.withdraw: Withdraw = reads_the_log

    def recall(self, agent: Agent, conversation_id: str, epoch: int, seq: int) -> int:
        """Take back a message of his own; gives the number of the event that says so, the same one when asked again.

        Raises NotFound (also where it is kept from him), StaleEpoch, Conflict (not the holder; not his; too late;
        already delivered).
        """
        now = self.clock.now()
        with changed(self.db, self.wakeups, conversation_id) as (tx, conversation):
            self.recusal.meets(tx, agent, conversation_id)
            check_holder(conversation, agent.username, epoch)
            log = store.read(tx, conversation_id)
            said = next((event for event in log if event.seq == seq), None)
            if said is None:
                raise NotFound("no such message")
            if not _is_of(said, agent):
                raise Conflict(phrase="problem_recall_others")
            before = recalled(log).get(seq)
            if before is not None:
                return before.seq
            if now - said.at > timedelta(seconds=self.handoff.rules.recall_s):
                raise Conflict(phrase="problem_recall_late")
            if not self.withdraw(tx, conversation, seq):
                raise Conflict(phrase="problem_recall_delivered")
            return recall(tx, conversation, seq, Actor("agent", agent.name), agent.username, now)[1].seq


def _is_of(event: Event, agent: Agent) -> bool:
    by = (event.payload.get("internal") or {}).get("by")
    return event.kind == "message" and event.actor.kind == "agent" and by == agent.username
