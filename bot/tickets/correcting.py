"""What was told wrong, or not at all: an officer puts fields and contact of a case right (000-66, L1a).

Old and new stand in the history as tokens; what he types of personal data goes to the vault like what is entered, under
an event of the customer's conversation. The customer's own words are never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.conversation import store as log
from bot.conversation.model import Actor
from bot.db import Tx
from bot.privacy.vault import PersonalRef
from bot.text.mask import Found, mask
from bot.text.normalise import clean
from bot.tickets import store
from bot.tickets.entry import Entry, check, masked
from bot.tickets.model import Case, CaseEvent, Contact
from bot.tickets.recusal import Officer
from bot.tickets.telling import Telling


class Correcting:
    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.vault = telling.vault

    def correct(
        self, tx: Tx, case: Case, officer: Officer, at: datetime, reason: str, name: str = "", contact: str = "",
        **fields: Any,
    ) -> Case:  # fmt: skip
        """What is None stays, a name or contact that is empty too; without anything new nothing happens.

        Raises InvalidInput.
        """
        given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items() if v is not None}
        entry = Entry("", name=clean(name).strip(), contact=contact, fields=replace(case.fields, **given))
        check(entry)
        found, shown = masked(entry)
        refs = {one: ref for one in found if (ref := self._ours(tx, case, one)) is not None}
        new = [one for one in found if one not in refs]
        detail: dict[str, Any] = {"reason": _hidden(reason, found)}
        if new:
            detail["refs"], kept = self._keep(tx, case, officer, new, at)
            refs |= dict(zip(new, kept, strict=True))
        reach = next((refs[one] for one in found if contact and one.kind != "name"), None)
        called = next((refs[one] for one in found if one.kind == "name" and one.value == entry.name), None)
        after = replace(
            case,
            fields=shown.fields,
            contact=_contact(case.contact, reach, called),
            group=case.group or bool(shown.fields.representatives),
        )
        changed = _changed(case, after)
        if not (changed or new):
            return case
        self._release(tx, case, after)
        if "contact" in changed:
            self.telling.readdress(tx, after, at)
        event = CaseEvent(at, officer.username, "corrected", {"changed": changed, **detail})
        return store.change_case(tx, case, after, event)

    def _ours(self, tx: Tx, case: Case, found: Found) -> PersonalRef | None:
        """Where the very same value serves the case already, its contact first."""
        same = [ref for ref in self.vault.find(tx, found.kind, found.value) if case.number in ref.used_for]
        own = case.contact.refs if case.contact else ()
        return next(iter(sorted(same, key=lambda ref: ref.id not in own)), None)

    def _keep(
        self, tx: Tx, case: Case, officer: Officer, found: list[Found], at: datetime
    ) -> tuple[str, tuple[PersonalRef, ...]]:
        """Under the hash chain, as what is entered; the customer reads nothing of it."""
        conversation = log.get(tx, case.conversation_id, lock=True)
        refs = self.vault.keep(tx, conversation.id, conversation.last_seq + 1, found, at)
        internal = {"corrected": case.number, "by": officer.username, "personal": [ref.to_json() for ref in refs]}
        silent = {"text": "", "state": conversation.state.value, "holder": conversation.holder, "internal": internal}
        _, event = log.append(
            tx, conversation, kind="state", actor=Actor("agent", officer.name), at=at, payload=silent, key=None
        )
        for ref in refs:
            self.vault.mark_used(tx, ref.id, case.number)
        return f"{conversation.id}:{event.seq}", refs

    def _release(self, tx: Tx, case: Case, after: Case) -> None:
        """What the case names no more does not serve it any more: nobody is called or told under it."""
        serves = set(after.contact.refs if after.contact else ())
        former = set(case.contact.refs if case.contact else ()) - serves
        said = "\n".join([after.facts, *map(str, vars(after.fields).values())])
        for ref in self.vault.values(tx, case.conversation_id):
            unsaid = ref.kind == "name" and ref.id not in serves and ref.token not in said
            if case.number in ref.used_for and unsaid:
                former.add(ref.id)
        for id_ in former:
            self.vault.release(tx, id_, case.number)


def _contact(before: Contact | None, reach: PersonalRef | None, called: PersonalRef | None) -> Contact | None:
    made = before or Contact()
    if reach is not None:
        made = replace(made, ref=reach.id, token=reach.token)
    if called is not None:
        made = replace(made, name_ref=called.id, name_token=called.token)
    return made if made.refs else before


def _changed(case: Case, after: Case) -> dict[str, list[Any]]:
    """Field by field, from what to what, as it may be shown."""
    old, new = case.contact or Contact(), after.contact or Contact()
    was, now = _values(case), _values(after)
    changed = {name: [was[name], now[name]] for name in was if was[name] != now[name]}
    if old.ref != new.ref:
        changed["contact"] = [old.token, new.token]
    if old.name_ref != new.name_ref:
        changed["name"] = [old.name_token, new.name_token]
    return changed


def _values(case: Case) -> Mapping[str, Any]:
    return {**vars(case.fields), "representatives": list(case.fields.representatives), "group": case.group}


def _hidden(reason: str, found: tuple[Found, ...]) -> str:
    """Without the values that he has just typed, and without others."""
    text = clean(reason).strip()
    for one in found:
        text = text.replace(one.value, one.token)
    return mask(text, names=True).text
