"""A case that was opened elsewhere is shown to who knows its number and proves the contact that it was opened with.

A wrong number and a wrong proof are answered alike (requirements: nobody learns of somebody else's case). What is
proven may be read here; it is changed only where the case belongs.
"""

from __future__ import annotations

from datetime import timedelta

from bot.conversation import store as log
from bot.conversation.model import Act, Flow, Line, Reserved
from bot.conversation.package import PROVING as PROVING
from bot.db import Tx
from bot.errors import NotFound
from bot.privacy.vault import PersonalRef
from bot.tickets import store, words
from bot.tickets.casework import Casework
from bot.tickets.contacts import REACHES
from bot.tickets.model import CUSTOMER, Case, CaseEvent

TRIES = 5  # wrong proofs for one case in a day; then the right one is answered like a wrong one, too


class Proving:
    def __init__(self, casework: Casework) -> None:
        self.tickets = casework.tickets
        self.db, self.clock, self.vault = casework.db, casework.clock, casework.vault

    def open(self, conversation_id: str) -> bool:
        with self.db.transaction() as tx:
            return (log.get(tx, conversation_id).flow or "").startswith(PROVING)

    def proof(self, conversation_id: str, seq: int, text: str, choice: str | None) -> list[Act] | None:
        """The message after the question for it: a phone number or mail address. None: it is something else."""
        with self.db.transaction() as tx:
            conversation = log.get(tx, conversation_id, lock=True)
            if choice == Reserved.CANCEL.value or words.cancels(text) or words.declines(text):
                return [Line("status_cancelled"), Flow(None)]
            if choice is not None:
                return None
            given = [r for r in self.vault.values(tx, conversation_id) if r.seq == seq and r.kind in REACHES]
            asked = Flow(conversation.flow)
            if another := words.numbers_in(text):
                asked = Flow(f"{PROVING}{min(another)}")
            if given:
                number = (asked.name or "").removeprefix(PROVING)
                case = self._proven(tx, number, given, f"{conversation_id}/{seq}")
                if case is None:
                    return [Line("status_unproven"), asked]
                return [*self.tickets.status(tx, [case], {case.number}), Flow(None)]
            if another:
                return [Line("status_proof"), asked]
            return [Line("status_unproven"), asked] if words.only_digits(text) else None

    def _proven(self, tx: Tx, number: str, given: list[PersonalRef], by: str) -> Case | None:
        """The case, where the contact is the one it was opened with. Failures are counted against guessing."""
        try:
            case = store.case(tx, number, lock=True)
        except NotFound:
            return None
        now = self.clock.now()
        failed = {
            event.detail.get("by")
            for event in store.events_of(tx, number)
            if event.action == "proof_failed" and event.at > now - timedelta(days=1)
        }
        own = {case.contact.ref} if case.contact and case.contact.ref else set()
        own |= {row.contact_ref for row in store.links_of(tx, number) if row.contact_ref}
        same = {
            ref.id
            for one in given
            for ref in self.vault.find(tx, one.kind, self.vault.reveal(tx, one.id, "bot", "proof of a contact", now))
        }
        if len(failed - {by}) >= TRIES or not own & same:
            if by not in failed:  # a turn that is played again fails once
                store.add_event(tx, number, CaseEvent(now, CUSTOMER, "proof_failed", {"by": by}))
            return None
        return case
