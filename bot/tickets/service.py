"""Complaints and callbacks: the form's turns, the cases they open, and what may be told of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from bot.calendar import WorkCalendar
from bot.clock import Clock, day_of
from bot.conversation import store as log
from bot.conversation.model import Act, Conversation, EndThread, Flow, Line, Understanding
from bot.db import Database, Tx
from bot.knowledge import Knowledge
from bot.knowledge.model import Complaints
from bot.privacy.vault import Vault
from bot.tickets import classify, deadlines, draft_store, drafts, readback, reading, store
from bot.tickets.acts import HIS_WORDS
from bot.tickets.clocks import sla_of
from bot.tickets.clockwork import Clockwork
from bot.tickets.contacts import contact_in, known_contact, still_there
from bot.tickets.draft_store import Kept
from bot.tickets.model import (
    Case,
    CaseEvent,
    CaseState,
    Draft,
    DraftState,
    Kind,
    Severity,
    spoken,
)
from bot.tickets.opening import Officers, Opening, Told
from bot.tickets.store import SAME_CONTACT

SHOWN = 3  # so many cases are told of at once


class Tickets:
    """Raises KnowledgeError where a severity has no clocks: a complaint must always find its dates."""

    def __init__(
        self,
        db: Database,
        calendar: WorkCalendar,
        knowledge: Knowledge,
        vault: Vault,
        clock: Clock,
        officers: Officers = lambda tx: {},
    ) -> None:
        self.db = db
        self.knowledge = knowledge
        self.vault = vault
        self.clock = clock
        self.clockwork = Clockwork(calendar, knowledge)
        self.on_joined: list[Callable[[Tx, Case, int], None]] = []  # tell him whose contact it is
        self.opening = Opening(self.clockwork, knowledge, vault, officers)
        for severity in Severity:
            sla_of(severity, self.rules)

    @property
    def rules(self) -> Complaints:
        return self.knowledge.complaints

    # the form

    def advance_draft(
        self,
        conversation_id: str,
        seq: int,
        text: str,
        understanding: Understanding | None = None,
        choice: str | None = None,
    ) -> list[Act]:
        """One message of the complaint form; opens it where none is open.

        Played again with the same sequence number it gives the same acts and does nothing twice.
        """
        now = self.clock.now()
        with self.db.transaction() as tx:
            conversation = log.get(tx, conversation_id, lock=True)
            kept = draft_store.drafts_of(tx, conversation_id)
            for earlier in kept:
                reply = earlier.reply_to(seq)
                if reply is not None:
                    return list(reply)
            latest = kept[0] if kept else None
            since = latest.opened_seq if latest and latest.draft.state is DraftState.OPEN else seq
            said = reading.read(
                text,
                choice,
                understanding,
                contact_in(tx, self.vault, conversation_id, seq, since),
                self.knowledge,
                day_of(now),
            )
            if latest is not None and latest.draft.state is DraftState.OPEN:
                draft, acts = drafts.step(latest.draft, said, self.knowledge)
                draft = self._of_whom(tx, conversation, latest.draft, draft)
                if draft.state is DraftState.DONE:
                    draft, acts = self._submit(tx, conversation, draft, acts, seq, now)
                draft_store.save_draft(tx, latest, seq, draft, acts, now)
            elif latest is not None and (again := self._again(tx, latest, said)):
                acts = again
                draft_store.save_draft(tx, latest, seq, latest.draft, acts, now)
            else:
                known = known_contact(tx, self.vault, conversation_id, seq)
                draft, acts = drafts.begin(said, known, self.knowledge)
                draft = self._of_whom(tx, conversation, Draft(), draft)
                draft_store.add_draft(tx, conversation_id, seq, draft, acts, now)
            return list(acts)

    def draft(self, conversation_id: str) -> Draft | None:
        """The form that is open, or None."""
        with self.db.transaction() as tx:
            kept = draft_store.drafts_of(tx, conversation_id)
        return next((k.draft for k in kept if k.draft.state is DraftState.OPEN), None)

    def status(
        self, tx: Tx, cases: list[Case], wanted: set[str], own: bool = False, read: Collection[str] = ()
    ) -> list[Act]:
        """How these cases of his stand; `wanted`: the ones he has named; `own`: he may act on them here; `read`: whose
        result he has just read."""
        if wanted:
            shown = [case for case in cases if case.number in wanted]
        else:
            shown = [c for c in cases if c.kind is Kind.COMPLAINT] or [c for c in cases if not c.ended]
        told: list[Act] = [line for case in shown[:SHOWN] for line in self._status(tx, case, own, case.number in read)]
        return told or [Line("complaint_status_none")]

    # cases

    def open_callback(self, tx: Tx, conversation_id: str, seq: int, reason: str, due_at: datetime) -> Case:
        """Nobody is there now: a case that a person calls back. The same message opens one case only."""
        present = store.case_from(tx, conversation_id, seq, Kind.CALLBACK)
        if present is not None:
            return present
        now = self.clock.now()
        case = Case(
            number=store.next_number(tx, Kind.CALLBACK, now),
            kind=Kind.CALLBACK,
            state=CaseState.NEW,
            severity=Severity.URGENT if reason == "urgent" else Severity.ORDINARY,
            repeat_of=None,
            owner_queue=self.knowledge.phrase("callback_owner")[0],
            conversation_id=conversation_id,
            source_seq=seq,
            opened_at=now,
            updated_at=now,
            respond_by=due_at,
            due_at=due_at,
            provisional=False,
            profile=self.rules.profile,
            facts="",
            contact=known_contact(tx, self.vault, conversation_id, seq),
            reason=reason,
            channel=log.get(tx, conversation_id).channel,
        )
        self.opening.callback(tx, case, now)
        return case

    def cases_of(self, tx: Tx, conversation_id: str) -> list[Case]:
        """The customer's cases in this conversation and in those before it, newest first."""
        return store.cases_of(tx, conversation_id)

    def case(self, number: str) -> Case:
        """Raises NotFound."""
        with self.db.transaction() as tx:
            return store.case(tx, number)

    def history(self, number: str) -> list[CaseEvent]:
        with self.db.transaction() as tx:
            return store.events_of(tx, number)

    def _of_whom(self, tx: Tx, conversation: Conversation, before: Draft, draft: Draft) -> Draft:
        """A complaint that is still being told is kept from whom it is about, too."""
        if draft.facts == before.facts:
            return draft
        classes = classify.propose(draft.facts, self.rules.axes)
        return replace(draft, accused=self.opening.accused(tx, conversation, draft.facts, classes))

    def _submit(
        self, tx: Tx, conversation: Conversation, draft: Draft, acts: drafts.Acts, seq: int, now: datetime
    ) -> tuple[Draft, drafts.Acts]:
        """Confirmed: the case stands in the same commit as the draft's end."""
        draft = replace(draft, contact=still_there(tx, self.vault, draft.contact, conversation.id))
        fields, group = readback.told(draft, self.knowledge)
        told = Told(draft.facts, draft.contact, fields, group=group)
        opened = self.opening.open(tx, conversation, seq, told, now)
        if opened.why == SAME_CONTACT:  # who names a contact has not shown that it is his: nothing of the case is told
            for tell in self.on_joined:
                tell(tx, opened.case, seq)
            return draft, (Line("complaint_joined_elsewhere", topics=("complaint",)), *acts)
        draft = replace(draft, case_number=opened.case.number)
        own = {case.number for case in self.cases_of(tx, conversation.id)}
        return draft, (*self._receipt(opened.case, opened.why, own), *acts)

    def _again(self, tx: Tx, latest: Kept, said: drafts.Said) -> drafts.Acts | None:
        """A button pressed twice, or the acts of the first time lost: what is done is told again, not done again."""
        if latest.draft.case_number is not None and drafts.means_confirm(said):
            own = {case.number for case in self.cases_of(tx, latest.conversation_id)}
            case = store.case(tx, latest.draft.case_number)
            return (*self._receipt(case, own=own), Flow(None), EndThread())
        if latest.draft.state is DraftState.CANCELLED and drafts.means_cancel(said):
            return drafts.CANCELLED
        return None

    def _receipt(self, case: Case, joined: str = "", own: Collection[str] = ()) -> drafts.Acts:
        """What the law and the handbook want at once: number, level, who, until when (000-73, 004-69).

        `own`: cases that may be named to him here.
        """
        progress, _ = self.knowledge.phrase("progress_here")
        values = {"number": case.number, "progress": progress, **case.promised}
        phrase = f"complaint_joined_{joined}" if joined else "complaint_opened"
        acts: list[Act] = [Line(phrase, values, topics=("complaint",), case=case.shown())]
        if case.repeat_of is not None:
            known = Line("complaint_repeat", {"number": case.repeat_of})
            acts.append(known if case.repeat_of in own else Line("complaint_repeat_known"))
        if case.provisional:
            acts.append(Line("complaint_provisional"))
        return tuple(acts)

    def _status(self, tx: Tx, case: Case, own: bool, read: bool = False) -> list[Line]:
        """What officers wrote was checked when they said it; who only has number and contact reads none of it."""
        if case.kind is Kind.CALLBACK:
            values = {"number": case.number, "due": spoken(case.due_at)}
            return [Line("callback_opened", values, case=case.shown())]
        values = {"number": case.number, "state": self._state(tx, case), "owner": case.owner_queue}
        quoted: tuple[str, ...] = ()
        if case.state in (CaseState.RESOLVED, CaseState.CLOSED, CaseState.WITHDRAWN):  # nothing is due any more
            phrase = "complaint_status_read" if read else "complaint_status_over"
            if not read and own and case.result is not None and case.state is not CaseState.WITHDRAWN:
                phrase, quoted = "complaint_status_settled", HIS_WORDS["resolve"]
                values |= {name: case.result[name] for name in quoted}
            return [_told(phrase, values, case, quoted)]
        pause = self.clockwork.paused(tx, case.number)
        values["due"] = spoken(case.due_at)
        found: list[Line] = []
        if own and case.state is CaseState.PROPOSED and case.proposal is not None and case.proposal["agreed"] is None:
            found.append(_told("complaint_status_proposed", {**values, "text": case.proposal["text"]}, case, ("text",)))
        elif pause is None:
            found.append(_told("complaint_status", values, case))
        elif not own:
            found.append(_told("complaint_status_awaits", values, case))
        if own and pause is not None:
            found.append(_told("complaint_status_paused", {**values, "reason": pause.reason}, case, ("reason",)))
        return found

    def _state(self, tx: Tx, case: Case) -> str:
        told = case.state is CaseState.RESOLVED and not deadlines.running(tx, case.number, "result_notice")
        return self.knowledge.phrase("case_state_told" if told else f"case_state_{case.state.value.lower()}")[0]


def _told(phrase: str, values: Mapping[str, str], case: Case, quoted: tuple[str, ...] = ()) -> Line:
    return Line(phrase, values, topics=("complaint",), quoted=quoted, case=case.shown())
