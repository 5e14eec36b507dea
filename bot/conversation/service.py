"""A customer's side of a conversation: start, receive, the assistant's turns, what falls due.

`receive` commits the message before anything else happens: from then on it cannot be lost. A turn's output is accepted
once, from the attempt that holds the turn, and only while the assistant still may speak.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from bot.conversation import escalation, store, turns
from bot.conversation.breaches import Breaches
from bot.conversation.bringing import Bringing
from bot.conversation.due import Due
from bot.conversation.handoff import Handoff
from bot.conversation.intake import Intake
from bot.conversation.model import BOT_SPEAKS, SYSTEM, Conversation, Heard, State, TurnInput, TurnOutput
from bot.conversation.outcome import Outcome
from bot.conversation.routing import Routing
from bot.conversation.snapshot import Snapshot, read
from bot.conversation.stopped import Stopped, mark
from bot.conversation.warning import Warn
from bot.db import Database, Tx
from bot.errors import Conflict, KeyReused, StoreUnavailable
from bot.privacy.vault import Vault
from bot.wakeups import DESK, TURNS, Wakeups

log = logging.getLogger(__name__)


class ConversationClosed(Conflict):
    """The conversation is closed; a new one may name it as its former."""

    type = "conversation-closed"


class Conversations:
    def __init__(
        self, db: Database, handoff: Handoff, vault: Vault, clock: Clock, wakeups: Wakeups, secret: bytes, warn: Warn
    ) -> None:
        self.db = db
        self.handoff = handoff
        self.speech = handoff.speech
        self.knowledge = handoff.speech.knowledge
        self.vault = vault
        self.clock = clock
        self.wakeups = wakeups
        self.warn = warn
        self.intake = Intake(handoff.speech, vault, secret)
        bringing = Bringing(handoff, warn)
        self._outcome = Outcome(bringing)
        self._routing = Routing(bringing)
        self._stopped = Stopped(bringing)
        self._due = Due(bringing, self._stopped, Breaches(handoff, warn))
        self.on_wrote: list[Callable[[Tx, str, int], None]] = []  # who hears that a customer wrote: conversation, seq
        self.on_end: list[Callable[[Tx, str], None]] = []  # what else must be forgotten with a conversation

    def start(
        self,
        channel: str,
        *,
        large_type: bool = False,
        former_id: str | None = None,
        context: Mapping[str, str] | None = None,
    ) -> Conversation:
        """A new conversation with its welcome: says at once that this is an assistant (L15).

        It is the same customer's as its former. Raises NotFound.
        """
        with self.db.transaction() as tx:
            customer_id = store.get(tx, former_id).customer_id if former_id is not None else None
            return self.start_in(
                tx, channel, large_type=large_type, former_id=former_id, customer_id=customer_id, context=context
            )

    def start_in(self, tx: Tx, channel: str, **values: Any) -> Conversation:
        """The same in the caller's transaction; he wakes who watches."""
        now = self.clock.now()
        conversation = store.create(tx, channel=channel, at=now, **values)
        conversation, _ = self.speech.say(tx, conversation, now, self.speech.phrase("welcome"))
        if (stop := self._stopped.where(tx, conversation, now)) is not None:
            conversation = self._stopped.answer(tx, conversation, stop, now, text="")
        return self.settle(tx, conversation)

    def ensure(self, conversation_id: str, channel: str) -> None:
        """The conversation of a channel that names it itself; made where it is new."""
        now = self.clock.now()
        with self.db.transaction() as tx:
            if not store.exists(tx, conversation_id):
                store.create(tx, id=conversation_id, channel=channel, at=now, large_type=False, former_id=None)

    def receive(
        self,
        conversation_id: str,
        key: str,
        *,
        text: str | None = None,
        choice: str | None = None,
        large_type: bool | None = None,
    ) -> int:
        """Take one customer message; gives its sequence number. `large_type`: how he reads from now on.

        The same key again gives the same number. Raises InvalidInput (empty, too long, unknown choice), KeyReused,
        ConversationClosed, NotFound.
        """
        now = self.clock.now()
        body = self.intake.body(text, choice)
        fingerprint = self.intake.fingerprint(body)
        with self.db.transaction() as tx:
            conversation = store.get(tx, conversation_id, lock=True)
            earlier = store.by_key(tx, conversation_id, key)
            if earlier is not None:
                # what was heard under the key stands for the message: a flood is heard and not kept
                if earlier.payload["internal"].get("fingerprint", fingerprint) != fingerprint:
                    raise KeyReused()
                return earlier.seq
            surveys = self.handoff.surveys
            if conversation.state is State.CLOSED and not surveys.takes(tx, conversation, text, choice, now):
                raise ConversationClosed()
            if large_type is not None:
                conversation = replace(conversation, large_type=large_type)
            stop = self._stopped.where(tx, conversation, now)
            body = self.intake.meant(tx, conversation, body)
            kept = self.intake.keep(tx, conversation, now, key, fingerprint, mark(stop), **body)
            if kept.answered:
                self.settle(tx, kept.conversation)
            else:
                self.settle(tx, self._routing.route(tx, kept, body.get("choice"), now, stop))
            self._wrote(tx, conversation_id, kept.seq)
        self.wakeups.stopped_typing(conversation_id)
        self.wakeups.notify(conversation_id, DESK, TURNS)
        return kept.seq

    def hear(self, conversation_id: str, key: str, heard: Heard) -> int:
        """Take what is no text; gives its sequence number, the same one for the same key.

        Raises ConversationClosed, NotFound.
        """
        now = self.clock.now()
        with self.db.transaction() as tx:
            conversation = store.get(tx, conversation_id, lock=True)
            earlier = store.by_key(tx, conversation_id, key)
            if earlier is not None:
                return earlier.seq
            if conversation.state is State.CLOSED:
                raise ConversationClosed()
            conversation = replace(conversation, context={**conversation.context, **heard.context})
            stop = self._stopped.where(tx, conversation, now)
            conversation, seq = self.intake.hear(tx, conversation, now, key, heard, mark(stop))
            self.settle(tx, self._routing.hear(tx, conversation, heard, now, stop))
            if heard.media is not None:
                self._wrote(tx, conversation_id, seq)
        self.wakeups.notify(conversation_id, DESK)
        return seq

    def _wrote(self, tx: Tx, conversation_id: str, seq: int) -> None:
        for hear in self.on_wrote:
            hear(tx, conversation_id, seq)

    def bind(self, conversation_id: str, customer_id: str) -> None:
        """The bank says who this is: his conversations on other channels belong to the same story.

        Again: nothing happens. Raises Conflict (another customer's), ConversationClosed, NotFound.
        """
        now = self.clock.now()
        with self.db.transaction() as tx:
            conversation = store.get(tx, conversation_id, lock=True)
            if conversation.customer_id == customer_id:
                return
            if conversation.customer_id is not None:
                raise Conflict("this conversation belongs to another customer")
            if conversation.state is State.CLOSED:
                raise ConversationClosed()
            conversation = replace(conversation, customer_id=customer_id)
            told = replace(self.speech.phrase("customer_bound"), kind="notice")
            self.settle(tx, self.speech.say(tx, conversation, now, told, actor=SYSTEM)[0])
        self.wakeups.notify(conversation_id, DESK)

    # turns of the assistant

    def claim_turn(self, conversation_id: str, lease_s: float) -> tuple[turns.Turn, TurnInput] | None:
        """The conversation's next open turn, ready for the assistant, or None."""
        now = self.clock.now()
        with self.db.transaction() as tx:
            conversation = store.get(tx, conversation_id, lock=True)
            turn = turns.claim(tx, conversation_id, now, lease_s)
            if turn is None:
                return None
            event = store.event_at(tx, conversation_id, turn.seq)
            earlier = self._outcome.earlier(tx, conversation, now)
        choice = event.payload.get("choice")
        script = self.knowledge.scripts.get(choice) if choice else None
        return turn, TurnInput(
            conversation_id,
            turn.seq,
            event.payload["text"],
            choice=choice,
            flow=conversation.flow,
            script=(script.id, script.intent) if script else None,
            earlier=earlier,
            asked=escalation.asked_already(conversation.thread),
        )

    def finish_turn(self, turn: turns.Turn, output: TurnOutput | None) -> bool:
        """Say what the turn brought; None: it failed or was late, and a person comes. False when it came too late."""
        now = self.clock.now()
        with self.db.transaction() as tx:
            conversation = store.get(tx, turn.conversation_id, lock=True)
            if not turns.still_mine(tx, turn):
                return False
            if turn.epoch != conversation.epoch or conversation.state not in BOT_SPEAKS:
                turns.finish(tx, turn, "dropped")
                return False
            stop = self._stopped.where(tx, conversation, now)
            turns.finish(tx, turn, "stopped" if stop else "failed" if output is None else "done")
            event = store.event_at(tx, turn.conversation_id, turn.seq)
            if stop is not None:  # in force since the message came: what the assistant made of it is not said
                text = event.payload["text"]
                conversation = self._stopped.answer(tx, conversation, stop, now, seq=event.seq, text=text)
            elif output is None:
                conversation = self._outcome.failed(tx, conversation, event, now)
            else:
                conversation = self._outcome.carry_out(tx, conversation, event, output, now)
            self.settle(tx, conversation)
        self.wakeups.notify(turn.conversation_id, DESK)
        return True

    def open_turns(self) -> list[str]:
        """Conversations whose customer waits for a turn that nobody works on."""
        with self.db.transaction() as tx:
            return turns.waiting(tx, self.clock.now())

    # what falls due

    def tick(self) -> int:
        """Act on everything that is due, each conversation in a transaction of its own; gives how many changed."""
        with self.db.transaction() as tx:
            due = store.due(tx, self.clock.now())
        return sum(self._try_one(conversation_id) for conversation_id in due)

    def _try_one(self, conversation_id: str) -> bool:
        """One that cannot be dealt with holds up no other; it stays due and is tried again."""
        try:
            return self._tick_one(conversation_id)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("what is due in conversation %s failed; it is tried again", conversation_id)
            return False

    def _tick_one(self, conversation_id: str) -> bool:
        now = self.clock.now()
        with self.db.transaction() as tx:
            conversation = store.get(tx, conversation_id, lock=True)
            if conversation.due_at is None or conversation.due_at > now:
                return False  # somebody else was faster
            before = (conversation.epoch, conversation.last_seq)
            looked_at = replace(conversation, due_at=None)
            conversation = self.settle(tx, self._due.act(tx, looked_at, now))
            changed = before != (conversation.epoch, conversation.last_seq)
        if changed:
            self.wakeups.notify(conversation_id, DESK)
        return changed

    def called_back(self, tx: Tx, conversation_id: str) -> None:
        """The callback is done: the conversation that waited for it ends (state table), but for a form that is open.

        In the caller's transaction; he wakes who watches.
        """
        now = self.clock.now()
        conversation = store.get(tx, conversation_id, lock=True)
        if conversation.state is State.MESSAGE_LEFT and conversation.flow is None:
            turns.drop_open(tx, conversation_id)
            conversation = self.handoff.surveys.at_end(tx, conversation, now)
            self.settle(tx, self.handoff.finish(tx, conversation, now, "callback_done"))

    # reading

    def snapshot(self, conversation_id: str, after: int = 0) -> Snapshot:
        with self.db.transaction() as tx:
            return read(tx, conversation_id, after, self.handoff, self.clock.now())

    def settle(self, tx: Tx, conversation: Conversation) -> Conversation:
        """Store what stands beside the log, with the moment at which somebody must look again.

        Personal data that serves no case ends with the conversation.
        """
        now = self.clock.now()
        conversation = replace(conversation, due_at=self.handoff.due_at(conversation, now))
        store.save(tx, conversation)
        if conversation.state is State.CLOSED:
            self.vault.destroy(tx, conversation.id, now, except_used=True)
            for forget in self.on_end:
                forget(tx, conversation.id)
        return conversation
