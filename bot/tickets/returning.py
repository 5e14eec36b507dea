"""The customer of a case writes again, in its own chat or in one after it.

What waits for a person to tell him he reads there, and it waits no more (001-18, C3); while the bank waits for him, who
owns the case hears that he has written (001-04).
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.conversation import store as log
from bot.conversation.model import State
from bot.conversation.speech import Utterance
from bot.conversation.telling import tell
from bot.db import Tx
from bot.knowledge import Knowledge
from bot.tickets import alerts, deadlines, overtaken, store
from bot.tickets.alerts import Alert
from bot.tickets.deadlines import Deadline
from bot.tickets.missed import Missed
from bot.tickets.model import CUSTOMER, Case, CaseEvent
from bot.tickets.telling import CHAT, Telling, topics

SHORTEST = 4  # characters: less between two mandatory texts is punctuation


class Returning:
    def __init__(self, telling: Telling, missed: Missed) -> None:
        self.telling = telling
        self.missed = missed
        self.conversations = telling.conversations
        self.clockwork = telling.clockwork

    @property
    def knowledge(self) -> Knowledge:
        return self.conversations.knowledge

    def wrote(self, tx: Tx, conversation_id: str, seq: int) -> None:
        """In the transaction that keeps his message; after the routing, so that a survey has taken its answer."""
        conversation = log.get(tx, conversation_id, lock=True)
        if conversation.state is State.CLOSED:
            return
        at = self.conversations.clock.now()
        # one about whom a case was hears nothing of it, also where he talks with its customer after its end
        own = [case for case in store.cases_of(tx, conversation_id) if conversation.holder not in case.accused]
        for case in own:
            if not case.ended and (case.owner_user is None or case.owner_user != conversation.holder):
                self._awaited(tx, case, conversation_id, seq, at)
        found = deadlines.of_cases(tx, [case.number for case in own])
        told = sorted((d for d in found if d.kind == "tell"), key=lambda d: (d.starts_at, d.id))
        waiting = [task for task in told if self._fits(tx, task.id, at)]
        for task in waiting:
            self._read(tx, conversation_id, task.id, at, last=task is waiting[-1])

    def _awaited(self, tx: Tx, case: Case, conversation_id: str, seq: int, at: datetime) -> None:
        """Once an hour; what he sends may not be what is awaited, so a person looks and lets the clocks go on."""
        pause = self.clockwork.paused(tx, case.number)
        if pause is None:
            return
        text = self.knowledge.phrase("alert_answered", number=case.number)[0]
        key = f"answered/{case.number}/{pause.id}/{at:%Y%m%d%H}"
        if alerts.give(tx, Alert(key, "answered", "owner", text, case.number, person=case.owner_user), at):
            event = CaseEvent(at, CUSTOMER, "wrote", {"message": f"{conversation_id}:{seq}"})
            store.add_event(tx, case.number, event)
            store.returned(tx, case, conversation_id, at)

    def _fits(self, tx: Tx, task_id: int, at: datetime) -> bool:
        """What is not so any more nobody tells him."""
        task, case = deadlines.for_act(tx, task_id)
        if not task.open or case is None:  # an officer was faster
            return False
        fits = overtaken.fits(case, str(task.detail.get("what")), task.round)
        if not fits:
            overtaken.drop(tx, self.knowledge, task, at)
        return fits

    def _read(self, tx: Tx, conversation_id: str, task_id: int, at: datetime, last: bool) -> None:
        """The words stand as they were judged when they were written. Only the last one has its buttons: by it all
        others are overtaken."""
        task, case = deadlines.for_act(tx, task_id)
        if not task.open or case is None:  # an officer was faster
            return
        what = str(task.detail.get("what"))
        phrase = self.knowledge.phrases.get(what)
        said = Utterance(
            task.text,
            kind="notice",
            topics=topics(what),
            choices=phrase.choices if phrase and last else (),
            quoted=self._judged(task),
            case=case.shown(),
            internal={"phrase": what},
            made_of=self.conversations.speech.made_of(("phrase", what)),
        )
        event = tell(self.conversations, tx, log.get(tx, conversation_id), said)
        if "refused" in (event.payload.get("internal") or {}):
            return  # then a person tells it, as before
        store.returned(tx, case, conversation_id, at)
        detail = {"what": what, "way": CHAT, "message": f"{conversation_id}:{event.seq}"}
        store.add_event(tx, case.number, CaseEvent(at, "system", "told", detail))
        self.missed.told(tx, case, task, at, "system")

    def _judged(self, task: Deadline) -> tuple[str, ...]:
        """All of it but the mandatory texts, which are wanted as they read today."""
        mandatory = [re.escape(one.text) for one in self.knowledge.disclosures.values()]
        parts = re.split("|".join(mandatory), task.text) if mandatory else [task.text]
        return tuple(part.strip() for part in parts if len(part.strip()) >= SHORTEST)
