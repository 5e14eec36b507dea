"""How a customer can be reached: what the vault keeps of what he typed. Only tokens and references pass here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.db import Tx
from bot.privacy.vault import PersonalRef, Vault
from bot.tickets.model import Contact

REACHES = frozenset({"phone", "email"})
ACTOR = "bot"


def contact_in(tx: Tx, vault: Vault, conversation_id: str, seq: int, since: int) -> Contact | None:
    """A number or address in this very message, with a name given since the form was opened."""
    refs = [ref for ref in vault.values(tx, conversation_id) if since <= ref.seq <= seq]
    return _contact([r for r in refs if r.seq == seq], [r for r in refs if r.kind == "name"])


def known_contact(tx: Tx, vault: Vault, conversation_id: str, seq: int) -> Contact | None:
    """The last number or address up to this message: it is offered, so that nobody types it twice (004-47)."""
    refs = [ref for ref in vault.values(tx, conversation_id) if ref.seq <= seq]
    return _contact(refs, [r for r in refs if r.kind == "name"])


def still_there(tx: Tx, vault: Vault, contact: Contact | None, conversation_id: str) -> Contact | None:
    """Without what was destroyed since it was given: the case opens all the same, and the chat reaches the customer."""
    if contact is None or not contact.refs:
        return contact
    living = {ref.id for ref in vault.values(tx, conversation_id)}
    if contact.ref not in living:
        return Contact()
    return contact if contact.name_ref in living else Contact(contact.ref, contact.token)


def same_contact(tx: Tx, vault: Vault, contact: Contact | None, conversation_id: str, at: datetime) -> set[str]:
    """References under which the same number or address was given, here or elsewhere.

    Found by HMAC. The value is looked at for that, which the audit shows.
    """
    own = [r for r in vault.values(tx, conversation_id) if contact is not None and r.id == contact.ref]
    found = [
        same.id
        for ref in own
        for same in vault.find(tx, ref.kind, vault.reveal(tx, ref.id, ACTOR, "repeat complaint?", at))
    ]
    return {ref.id for ref in own} | set(found)


def _contact(refs: Sequence[PersonalRef], names: Sequence[PersonalRef]) -> Contact | None:
    reaches = max((r for r in refs if r.kind in REACHES), key=lambda r: r.seq, default=None)
    if reaches is None:
        return None
    name = max(names, key=lambda r: r.seq, default=None)
    return Contact(reaches.id, reaches.token, name.id if name else None, name.token if name else "")
