"""Complaints and callbacks: the form's turns, the cases they open, and what may be told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.calendar import WorkCalendar
from bot.clock import BEIJING, Clock, day_of
from bot.conversation import store as log
from bot.conversation.model import Act, Conversation, EndThread, Flow, Line, Understanding
from bot.db import Database, Tx
from bot.errors import Conflict
from bot.knowledge import Knowledge
from bot.knowledge.model import Complaints
from bot.privacy.vault import Vault
from bot.tickets import drafts, reading, repeats, store, words, work
from bot.tickets.clocks import due_dates, sla_of
from bot.tickets.contacts import contact_in, known_contact, same_contact, still_there
from bot.tickets.model import (
    Case,
    CaseEvent,
    CaseState,
    Draft,
    DraftState,
    Kind,
    Severity,
    check_move,
)
from bot.tickets.severity import severity_of
from bot.tickets.store import Kept

ASSISTANT = "bot"
OPEN = 50  # so many open cases the desk sees at once
SHOWN = 3  # so many cases are told of at once


class Tickets:
    """Raises KnowledgeError where a severity has no clocks: a complaint must always find its dates."""

    def __init__(self, db: Database, calendar: WorkCalendar, knowledge: Knowledge, vault: Vault, clock: Clock) -> None:
        self.db = db
        self.calendar = calendar
        self.knowledge = knowledge
        self.vault = vault
        self.clock = clock
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
            kept = store.drafts_of(tx, conversation_id)
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
                if draft.state is DraftState.DONE:
                    draft, acts = self._submit(tx, conversation, draft, acts, seq, now)
                store.save_draft(tx, latest, seq, draft, acts, now)
            elif latest is not None and (again := self._again(tx, latest, said)):
                acts = again
                store.save_draft(tx, latest, seq, latest.draft, acts, now)
            else:
                known = known_contact(tx, self.vault, conversation_id, seq)
                draft, acts = drafts.begin(said, known, self.knowledge)
                store.add_draft(tx, conversation_id, seq, draft, acts, now)
            return list(acts)

    def draft(self, conversation_id: str) -> Draft | None:
        """The form that is open, or None."""
        with self.db.transaction() as tx:
            kept = store.drafts_of(tx, conversation_id)
        return next((k.draft for k in kept if k.draft.state is DraftState.OPEN), None)

    def status(self, conversation_id: str, text: str) -> list[Act]:
        """How this customer's cases stand. A number that is not his is answered like one that does not exist."""
        with self.db.transaction() as tx:
            own = self.cases_of(tx, conversation_id)
        wanted = words.numbers_in(text)
        if wanted:
            shown = [case for case in own if case.number in wanted]
        else:
            shown = [c for c in own if c.kind is Kind.COMPLAINT] or [c for c in own if not c.ended]
        return [self._status(case) for case in shown[:SHOWN]] or [Line("complaint_status_none")]

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
        )
        return self._add(tx, case)

    def cases_of(self, tx: Tx, conversation_id: str) -> list[Case]:
        """The customer's cases in this conversation and in those before it, newest first."""
        return store.cases_in(tx, log.chain_of(tx, log.get(tx, conversation_id)))

    def case(self, number: str) -> Case:
        """Raises NotFound."""
        with self.db.transaction() as tx:
            return store.case(tx, number)

    def history(self, number: str) -> list[CaseEvent]:
        with self.db.transaction() as tx:
            return store.events_of(tx, number)

    def move(self, tx: Tx, number: str, to: CaseState, actor: str, detail: Mapping[str, Any] | None = None) -> Case:
        """One step of the procedure. An appeal starts its clocks anew. Raises NotFound, Conflict."""
        now = self.clock.now()
        before = store.case(tx, number)
        check_move(before.kind, before.state, to)
        after = replace(before, state=to, updated_at=now)
        if to is CaseState.REOPENED:
            due = due_dates(now, before.severity, self.rules, self.calendar)
            after = replace(after, respond_by=due.respond_by, due_at=due.due_at, provisional=due.provisional)
        store.change_case(tx, before, after, CaseEvent(now, actor, to.value.lower(), detail or {}))
        return after

    # the desk's work on them: who may is the caller's to decide

    def open_cases(self, tx: Tx, limit: int = OPEN) -> list[Case]:
        """What is due first stands first."""
        return store.open_cases(tx, limit)

    def take(self, tx: Tx, number: str, actor: str) -> Case:
        """Somebody works on it from now on. Raises Conflict that names who was faster, NotFound."""
        case = store.case(tx, number)
        steps = work.steps_to_take(case)
        if not steps:
            raise Conflict(phrase="problem_case_taken", holder=store.taken_by(tx, [number]).get(number))
        for step in steps:
            case = self.move(tx, number, step, actor)
        return case

    def called_back(self, tx: Tx, number: str, actor: str, note: str) -> Case:
        """The customer was called: the callback is over. Raises Conflict for a complaint, which has steps to go."""
        if store.case(tx, number).kind is not Kind.CALLBACK:
            raise Conflict(phrase="problem_case_no_callback")
        return self.move(tx, number, CaseState.CLOSED, actor, {"note": note})

    def reveal_contact(self, tx: Tx, number: str, actor: str, at: datetime) -> str | None:
        """How to reach the customer, in the clear; None where it is in this chat. On record twice (000-58, 000-79).

        Raises NotFound, Conflict (the case is over, nobody needs the number), Destroyed.
        """
        case = store.case(tx, number)
        if case.ended:
            raise Conflict(phrase="problem_case_ended")
        refs = work.contact_refs(case, self.vault.values(tx, case.conversation_id))
        if not refs:
            return None
        store.add_event(tx, number, CaseEvent(at, actor, "contact_read", {"refs": list(refs)}))
        return " ".join(self.vault.reveal(tx, ref, actor, f"contact of {number}", at) for ref in refs)

    def _submit(
        self, tx: Tx, conversation: Conversation, draft: Draft, acts: drafts.Acts, seq: int, now: datetime
    ) -> tuple[Draft, drafts.Acts]:
        """Confirmed: the case stands in the same commit as the draft's end."""
        draft = replace(draft, contact=still_there(tx, self.vault, draft.contact, conversation.id))
        severity = severity_of(draft.facts, self.rules)
        due = due_dates(now, severity, self.rules, self.calendar)
        former = self._former(tx, conversation, draft, now)
        case = Case(
            number=store.next_number(tx, Kind.COMPLAINT, now),
            kind=Kind.COMPLAINT,
            state=CaseState.NEW,
            severity=severity,
            repeat_of=former.number if former else None,
            owner_queue=sla_of(severity, self.rules).owner_queue,
            conversation_id=conversation.id,
            source_seq=seq,
            opened_at=now,
            updated_at=now,
            respond_by=due.respond_by,
            due_at=due.due_at,
            provisional=due.provisional,
            profile=self.rules.profile,
            facts=draft.facts,
            contact=draft.contact,
            reason=None,
        )
        self._add(tx, case)
        return replace(draft, case_number=case.number), (*self._receipt(case), *acts)

    def _add(self, tx: Tx, case: Case) -> Case:
        store.add_case(tx, case, ASSISTANT)
        for ref in case.contact.refs if case.contact else ():
            self.vault.mark_used(tx, ref, case.number)
        return case

    def _former(self, tx: Tx, conversation: Conversation, draft: Draft, now: datetime) -> Case | None:
        """The complaint that this one repeats: same customer, same or similar matter (000-68, 000-71)."""
        chain = log.chain_of(tx, conversation)
        refs = same_contact(tx, self.vault, draft.contact, conversation.id, now)
        since = repeats.window(now, self.rules.repeat_within_days)
        return repeats.former(draft.facts, store.complaints_since(tx, since, chain, refs))

    def _again(self, tx: Tx, latest: Kept, said: drafts.Said) -> drafts.Acts | None:
        """A button pressed twice, or the acts of the first time lost: what is done is told again, not done again."""
        if latest.draft.case_number is not None and drafts.means_confirm(said):
            return (*self._receipt(store.case(tx, latest.draft.case_number)), Flow(None), EndThread())
        if latest.draft.state is DraftState.CANCELLED and drafts.means_cancel(said):
            return drafts.CANCELLED
        return None

    def _receipt(self, case: Case) -> drafts.Acts:
        """What the law and the handbook want at once: number, level, who, until when (000-73, 004-69)."""
        values = {
            "number": case.number,
            "severity": case.severity.value,
            "owner": case.owner_queue,
            "respond": spoken(case.respond_by),
            "due": spoken(case.due_at),
        }
        acts: list[Act] = [Line("complaint_opened", values, topics=("complaint",), case=case.shown())]
        if case.repeat_of is not None:
            acts.append(Line("complaint_repeat", {"number": case.repeat_of}))
        if case.provisional:
            acts.append(Line("complaint_provisional"))
        return tuple(acts)

    def _status(self, case: Case) -> Line:
        if case.kind is Kind.CALLBACK:
            values = {"number": case.number, "due": spoken(case.due_at)}
            return Line("callback_opened", values, case=case.shown())
        state, _ = self.knowledge.phrase(f"case_state_{case.state.value.lower()}")
        values = {"number": case.number, "state": state, "owner": case.owner_queue, "due": spoken(case.due_at)}
        return Line("complaint_status", values, topics=("complaint",), case=case.shown())


def spoken(moment: datetime) -> str:
    """A deadline as one reads it, with its year: 2026年12月1日 17:30."""
    local = moment.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
