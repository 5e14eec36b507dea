"""What agents do with conversations; what they see is `views`', and who is offered whom `routing`'s.

The states are `conversation.handoff`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from bot.conversation import handovers, store
from bot.conversation.intake import MAX_CHARS
from bot.conversation.model import Actor, Conversation, State
from bot.conversation.service import Conversations
from bot.conversation.speech import Utterance
from bot.db import Tx
from bot.desk import rights
from bot.desk.asked import asked
from bot.desk.changing import changed, check_holder
from bot.desk.recall import Recalls
from bot.desk.recused import Recusal
from bot.desk.refusals import Refusals, subject, was_asked
from bot.desk.rights import Act
from bot.desk.routing import Routing
from bot.desk.staff import Agent, Staff
from bot.desk.views import Cases, Views
from bot.desk.wishes import AGENT, Wishes
from bot.errors import Conflict, Forbidden, InvalidInput, KeyReused
from bot.privacy.audit import Action, audit
from bot.text.mask import mask
from bot.text.normalise import clean

RESULTS = ("solved", "unsolved", "follow_up")
AGENT_MAX_CHARS = 2 * MAX_CHARS
Heard = Callable[[Tx, Agent, str, int, str], None]  # conversation, sequence number, what an agent has said


class AgentFull(Conflict):
    """The agent holds as many conversations as he may (004-83)."""

    type = "agent-full"


class Desk:
    def __init__(self, conversations: Conversations, staff: Staff, cases: Cases, recusal: Recusal) -> None:
        self.handoff = conversations.handoff
        self.knowledge = conversations.knowledge
        self.db = conversations.db
        self.clock = conversations.clock
        self.wakeups = conversations.wakeups
        self.warn = conversations.warn
        self.staff = staff
        self.recusal = recusal
        self.refusals = Refusals(conversations)
        self.routing = Routing(conversations, staff, recusal)
        self.views = Views(conversations, staff, cases, recusal)
        self.wishes = Wishes(self.routing, recusal)
        self.recalls = Recalls(conversations, recusal)
        self.on_said: list[Heard] = []
        # the desk's other sides, under its own name
        self.tick = self.routing.tick
        self.view = self.views.view
        self.conversation = self.views.conversation
        self.readable = self.views.readable
        self.updates = self.views.updates
        self.watch = self.views.watch
        self.listed = self.views.listed
        self.stops = self.views.stops

    def claim(self, agent: Agent, conversation_id: str, epoch: int) -> int:
        """Take a waiting conversation or accept an offer; gives the new epoch.

        Raises StaleEpoch, Conflict, AgentFull, NotFound (the customer complains about him).
        """
        with self._changed(conversation_id) as (tx, conversation):
            self.recusal.meets(tx, agent, conversation_id)
            if self._done(tx, conversation, epoch, {"claimed_by": agent.username}):
                return epoch + 1
            self._meets_limit(tx, agent, conversation, epoch)
            return self.handoff.claim(tx, conversation, agent.username, epoch, self.clock.now()).epoch

    def take_over(self, agent: Agent, conversation_id: str, epoch: int, why: str) -> int:
        """A supervisor takes what an agent holds; gives the new epoch. Customer and agent are told.

        Raises Forbidden, StaleEpoch, Conflict (nobody else holds it), AgentFull, NotFound.
        """
        if not agent.may(Act.TAKE_OVER):
            raise Forbidden(phrase="problem_lead_role")
        why = mask(clean(why)).text
        with self._changed(conversation_id) as (tx, conversation):
            self.recusal.meets(tx, agent, conversation_id)
            deed = {"taken_over_by": agent.username, "why": why}
            if self._done(tx, conversation, epoch, deed):
                return epoch + 1
            self._meets_limit(tx, agent, conversation, epoch)
            self.handoff.check_epoch(conversation, epoch)
            now, holder = self.clock.now(), conversation.holder
            taken = self.handoff.take_over(tx, conversation, agent.username, now, {**deed, "from": holder})
            audit(tx, now, agent.username, Action.TAKEN_OVER, subject(conversation_id), {"from": holder, "why": why})
            self.staff.idle_again(tx, str(holder))
            text = self.knowledge.phrase("alert_taken_over", lead=agent.name, why=why)[0]
            self.warn(
                tx, kind="takeover", role=rights.AGENT, person=holder, text=text, conversation_id=conversation_id,
                key=str(taken.epoch), at=now,
            )  # fmt: skip
            return taken.epoch

    def _meets_limit(self, tx: Tx, agent: Agent, conversation: Conversation, epoch: int) -> None:
        self.staff.get(tx, agent.username, lock=True)  # two claims of one agent must not both see room
        offered = conversation.state is State.OFFERED and conversation.offered_to == agent.username
        if self.routing.load(tx, agent) >= agent.limit and not offered:  # an offer counts already
            self.handoff.check_epoch(conversation, epoch)
            raise AgentFull(values={"limit": str(agent.limit)})

    def decline(self, agent: Agent, conversation_id: str, epoch: int, why: str) -> None:
        with self._changed(conversation_id) as (tx, conversation):
            if not self._done(tx, conversation, epoch, {"declined_by": agent.username}):
                self.handoff.decline(tx, conversation, agent.username, epoch, mask(clean(why)).text, self.clock.now())

    def send(
        self,
        agent: Agent,
        conversation_id: str,
        epoch: int,
        key: str,
        text: str,
        override: str | None = None,
        confirmed: bool = False,
    ) -> int:
        """Say something to the customer, through the guard; gives the sequence number. `confirmed`: he was asked to
        look at these very words again, and did.

        Raises RefusedByGuard, StaleEpoch, Forbidden (override without the role), InvalidInput, KeyReused.
        """
        if override is not None and not agent.may(Act.OVERRIDE):
            raise Forbidden(phrase="problem_override_role")
        text = clean(text).strip()
        if not text:
            raise InvalidInput("empty text", phrase="empty", field="text")
        if len(text) > AGENT_MAX_CHARS:
            raise InvalidInput("text too long", phrase="too_long", values={"limit": str(AGENT_MAX_CHARS)}, field="text")
        text = mask(text).text  # what an agent types of a customer's data is not stored in the clear either
        override = override and mask(clean(override)).text
        key = f"{agent.username}:{key}"
        kept = self.refusals.kept(agent.username, agent.name, conversation_id, text)
        with kept, self._changed(conversation_id) as (tx, conversation):
            earlier = store.by_key(tx, conversation_id, key)
            if earlier is not None:
                if (earlier.payload.get("internal") or {}).get("typed") != text:
                    raise KeyReused()
                return earlier.seq
            self._holds(tx, agent, conversation, epoch)
            _, event = self.handoff.speech.say(
                tx,
                conversation,
                self.clock.now(),
                Utterance(text, asked=asked(tx, conversation_id), internal={"typed": text, "by": agent.username}),
                actor=Actor("agent", agent.name),
                key=key,
                override_reason=override,
                confirmed=confirmed and was_asked(tx, agent.username, conversation_id, text),
            )
            handovers.answered(tx, conversation, event.at)
            if "override" in event.payload["internal"]:
                why = {"seq": event.seq, "reason": override}
                audit(tx, event.at, agent.username, Action.OVERRIDDEN, subject(conversation_id), why)
            for hear in self.on_said:
                hear(tx, agent, conversation_id, event.seq, event.payload["text"])
            return event.seq

    def return_to_bot(self, agent: Agent, conversation_id: str, epoch: int) -> int:
        with self._changed(conversation_id) as (tx, conversation):
            deed = {"returned_by": agent.username}
            if self._done(tx, conversation, epoch, deed):
                return epoch + 1
            self._holds(tx, agent, conversation, epoch)
            self.staff.idle_again(tx, agent.username)
            return self.handoff.return_to_bot(tx, conversation, self.clock.now(), deed).epoch

    def transfer(self, agent: Agent, conversation_id: str, epoch: int, to: str, note: str, anyway: bool = False) -> int:
        """Back to the queue for somebody else, with a note; `to` is what `Wishes` knows, or empty for anybody.

        Raises NotFree, unless he is to wait for them `anyway`.
        """
        with self._changed(conversation_id) as (tx, conversation):
            deed = {"transferred_by": agent.username, "to": to, "note": mask(clean(note)).text}
            if self._done(tx, conversation, epoch, deed):
                return epoch + 1
            self._holds(tx, agent, conversation, epoch)
            meant = self.wishes.meant(tx, conversation, to, agent, anyway)
            self.staff.idle_again(tx, agent.username)
            moved = self.handoff.requeue(tx, meant, self.clock.now(), "transferred", deed)
            if to.startswith(AGENT):
                store.save(tx, moved := replace(moved, offered_to=to.removeprefix(AGENT)))
            return moved.epoch

    def transfers(self, agent: Agent) -> list[dict[str, Any]]:
        """To whom he may pass a customer on."""
        with self.db.transaction() as tx:
            return self.wishes.listed(tx, agent)

    def close(self, agent: Agent, conversation_id: str, epoch: int, result: str, category: str, note: str) -> int:
        if result not in RESULTS:
            raise InvalidInput(f"result is one of {', '.join(RESULTS)}", field="result")
        form = {"result": result, "category": category, "note": mask(clean(note)).text, "by": agent.username}
        with self._changed(conversation_id) as (tx, conversation):
            if self._done(tx, conversation, epoch, form):
                return epoch + 1
            self._holds(tx, agent, conversation, epoch)
            self.staff.idle_again(tx, agent.username)
            return self.handoff.close(tx, conversation, self.clock.now(), form).epoch

    def _done(self, tx: Tx, conversation: Conversation, epoch: int, deed: Mapping[str, Any]) -> bool:
        """Did he do just this with this epoch before? Then our answer was lost, and he gets it again."""
        if conversation.epoch == epoch:
            return False
        change = store.change_to(tx, conversation.id, epoch + 1)
        known = (change.payload.get("internal") or {}) if change else {}
        return deed.items() <= known.items()

    def _holds(self, tx: Tx, agent: Agent, conversation: Conversation, epoch: int) -> None:
        self.recusal.meets(tx, agent, conversation.id)
        check_holder(conversation, agent.username, epoch)

    def _changed(self, conversation_id: str) -> AbstractContextManager[tuple[Tx, Conversation]]:
        return changed(self.db, self.wakeups, conversation_id)
