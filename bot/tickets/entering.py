"""Complaints that are entered for the customer: by an officer (phone, counter, letter, mail, from a chat), by a system.

One store for all of them (000-80, 001-09): an entry becomes a conversation of its channel, whose log holds what was
entered, by whom, and the customer's data as tokens. In one transaction with the case that it opens, or joins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.conversation import store as log
from bot.conversation.model import Actor, Conversation, State
from bot.db import Tx
from bot.errors import Forbidden, InvalidInput, KeyReused, NotFound
from bot.privacy.vault import PersonalRef
from bot.text.mask import Found
from bot.text.normalise import clean
from bot.tickets import store
from bot.tickets.casework import Casework
from bot.tickets.contacts import known_contact
from bot.tickets.entry import Entry, check, masked
from bot.tickets.model import API, ENTERED, Case, CaseEvent, Contact, Severity
from bot.tickets.opening import Opened, Told
from bot.tickets.recusal import Officer
from bot.tickets.recused import kept_from

PREFILLED = 10  # of the customer's last messages
OLDEST = timedelta(days=365)  # a letter may have lain somewhere; a date before that is a slip


class _Beaten(Exception):
    pass


class Entering:
    def __init__(self, casework: Casework) -> None:
        self.casework = casework
        self.db, self.clock, self.vault = casework.db, casework.clock, casework.vault

    def enter(self, entry: Entry, key: str, by: Officer | str) -> Opened:
        """`by`: an officer, or the name of another system. The same key gives the same case.

        Raises InvalidInput, KeyReused; as `check_talks` for what an officer enters from a chat.
        """
        try:
            return self._once(entry, key, by)
        except _Beaten:  # the same key at the same moment: what we made is gone again, and theirs is there
            return self._once(entry, key, by)

    def _once(self, entry: Entry, key: str, by: Officer | str) -> Opened:
        who = by if isinstance(by, str) else by.username
        now = self.clock.now()
        fingerprint = self.casework.conversations.intake.fingerprint(_plain(entry))
        with self.db.transaction() as tx:
            known = store.requested(tx, f"{who}:{key}")
            if known is not None:
                if known.fingerprint != fingerprint:
                    raise KeyReused()
                return Opened(store.case(tx, known.number))
            opened = self._enter(tx, entry, by, now)
            if not store.keep_request(tx, f"{who}:{key}", fingerprint, opened.case.number, now):
                raise _Beaten()
        self.casework.conversations.wakeups.notify(opened.case.conversation_id)
        return opened

    def check_talks(self, tx: Tx, officer: Officer, conversation_id: str) -> None:
        """He holds it, or has just ended it; or he is above those who do. Raises Forbidden, NotFound (also where the
        customer complains about him)."""
        conversation = log.get(tx, conversation_id)
        if conversation_id in kept_from(tx, officer.username):
            raise NotFound("no such conversation")
        if not (officer.leads or conversation.holder == officer.username):
            raise Forbidden(phrase="problem_case_role")

    def prefilled(self, tx: Tx, conversation_id: str) -> dict[str, Any]:
        """What the conversation tells already: nobody types it again (004-47). Without values of personal data."""
        conversation = log.get(tx, conversation_id)
        typed = [
            str(event.payload["text"])
            for event in log.read(tx, conversation_id)
            if event.actor.kind == "customer" and not event.payload.get("choice")
        ]
        topic = str(conversation.thread.get("topic") or "")
        contact = known_contact(tx, self.vault, conversation_id, conversation.last_seq)
        return {
            "conversation_id": conversation_id,
            "channel": conversation.channel,
            "facts": "\n".join(typed[-PREFILLED:])[:1000],
            "product": topic.partition("/")[2],
            "known_contact": f"{contact.name_token}{contact.token}" if contact else "",
            "customer_type": "personal",
        }

    def _enter(self, tx: Tx, entry: Entry, by: Officer | str, now: datetime) -> Opened:
        entry = _checked(entry, now)
        if isinstance(by, Officer) and entry.conversation_id is not None:
            self.check_talks(tx, by, entry.conversation_id)
        conversation = self._conversation(tx, entry, by, now)
        found, shown = masked(entry)
        conversation, seq, refs = self._record(tx, conversation, shown, found, by, now)
        contact = _contact(refs, known_contact(tx, self.vault, conversation.id, seq))
        told = Told(
            shown.facts,
            contact,
            shown.fields,
            entry.received_at,
            Severity(entry.severity) if entry.severity else None,
            by if isinstance(by, str) else by.username,
        )
        opened = self.casework.tickets.opening.open(tx, conversation, seq, told, now)
        for ref in refs:  # names of representatives and of whom it is for serve the case too
            self.vault.mark_used(tx, ref.id, opened.case.number)
        if isinstance(by, Officer) and not opened.joined and not self._may_be_meant(tx, opened.case, by):
            opened = replace(opened, case=self._owned(tx, opened.case, by, now))
        self._receipt(tx, opened, conversation, now)
        self.casework.conversations.settle(tx, log.get(tx, conversation.id))
        return opened

    def _conversation(self, tx: Tx, entry: Entry, by: Officer | str, now: datetime) -> Conversation:
        if entry.conversation_id is not None:
            return log.get(tx, entry.conversation_id, lock=True)
        channel = API if isinstance(by, str) else entry.channel
        made = log.create(tx, channel=channel, at=now)
        closed = replace(made, state=State.CLOSED, holder=None)
        log.save(tx, closed)
        return closed

    def _record(
        self, tx: Tx, conversation: Conversation, entry: Entry, found: Sequence[Found], by: Officer | str, now: datetime
    ) -> tuple[Conversation, int, tuple[PersonalRef, ...]]:
        """What was entered stands in the log; customers read nothing of it (they get a receipt)."""
        refs = self.vault.keep(tx, conversation.id, conversation.last_seq + 1, found, now)
        who = by if isinstance(by, str) else by.username
        internal = {"entered_by": who, "entry": _plain(entry), "personal": [ref.to_json() for ref in refs]}
        silent = {"text": "", "state": conversation.state.value, "holder": conversation.holder, "internal": internal}
        actor = Actor("system", by) if isinstance(by, str) else Actor("agent", by.name)
        conversation, event = log.append(tx, conversation, kind="state", actor=actor, at=now, payload=silent, key=None)
        return conversation, event.seq, refs

    def _may_be_meant(self, tx: Tx, case: Case, officer: Officer) -> bool:
        """One too many is harmless: it lies with those who take new cases (L1)."""
        doubted = self.casework.tickets.opening.doubted(tx, case)
        return officer.username in doubted or case.conversation_id in kept_from(tx, officer.username)

    def _owned(self, tx: Tx, case: Case, officer: Officer, now: datetime) -> Case:
        """Who is asked first answers for it (000-12)."""
        event = CaseEvent(now, officer.username, "first_asked", {"owner": officer.username})
        return store.change_case(tx, case, replace(case, owner_user=officer.username), event)

    def _receipt(self, tx: Tx, opened: Opened, conversation: Conversation, now: datetime) -> None:
        case = opened.case
        phrase = f"complaint_joined_{opened.why}" if opened.joined else "complaint_opened"
        told = replace(case, conversation_id=conversation.id)  # where he spoke to us now
        telling, key = self.casework.telling, conversation.id[:12]
        here = "progress_elsewhere" if conversation.state is State.CLOSED else "progress_here"
        progress, _ = self.casework.knowledge.phrase(here, number=case.number)
        telling.phrase(tx, told, phrase, now, key=key, progress=progress, **case.promised)
        if case.provisional:
            telling.phrase(tx, told, "complaint_provisional", now, key=key)


def _checked(entry: Entry, now: datetime) -> Entry:
    """Raises InvalidInput that names the field."""
    if entry.conversation_id is None and entry.channel not in (*ENTERED, API):
        raise InvalidInput(f"channel is one of {', '.join(ENTERED)}", field="channel")
    if not clean(entry.facts).strip():
        raise InvalidInput("what happened?", phrase="problem_entry_facts", field="facts")
    if entry.received_at is not None and not now - OLDEST <= entry.received_at <= now:
        raise InvalidInput("received in the future, or more than a year ago", field="received_at")
    if entry.severity and entry.severity not in {one.value for one in Severity}:
        raise InvalidInput("no such severity", field="severity")
    check(entry)
    return entry


def _contact(refs: Sequence[PersonalRef], known: Contact | None) -> Contact | None:
    """What was entered; what was not, as the conversation knows it."""
    reach = next((ref for ref in refs if ref.kind in ("phone", "email")), None)
    name = next((ref for ref in refs if ref.kind == "name"), None)
    made = known or Contact()
    if reach is not None:
        made = replace(made, ref=reach.id, token=reach.token)
    if name is not None:
        made = replace(made, name_ref=name.id, name_token=name.token)
    return made if made.refs else None


def _plain(entry: Entry) -> dict[str, Any]:
    fields = {k: list(v) if isinstance(v, tuple) else v for k, v in vars(entry.fields).items()}
    at = entry.received_at.isoformat() if entry.received_at else None
    return {**vars(entry), "fields": fields, "received_at": at}
