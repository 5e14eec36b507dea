"""Where the values behind the tokens are (design: "Personal data").

Envelope encryption: each value has its own data key, wrapped by the master key. Its own and not one for the whole
conversation, because a number in use by a case must outlive the rest of the conversation (`except_used`) while its
ciphertext, which the event chain covers, may not change. Destroying a value is deleting its key; the ciphertext stays,
unreadable, and the chain still verifies.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.db import Tx, dumps, locked
from bot.errors import ConfigurationError, NotFound
from bot.privacy import sealing
from bot.privacy.audit import Action, audit
from bot.privacy.store import data_keys, personal_values
from bot.text.mask import Found

_V = personal_values.c


class Destroyed(NotFound):
    """This personal value has been destroyed as the rules require."""

    type = "personal-data-destroyed"


@dataclass(frozen=True)
class PersonalRef:
    """A value without the value. `digest` is of the ciphertext: the event that carries it puts it under the chain."""

    id: str
    kind: str
    tail: str
    token: str
    seq: int
    conversation_id: str
    digest: str
    used_for: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For an event's payload."""
        return {k: v for k, v in asdict(self).items() if k not in ("conversation_id", "used_for")}


class Vault:
    def __init__(self, master_key: bytes, former_keys: Iterable[bytes] = ()) -> None:
        """`former_keys`: master keys that were replaced; what they wrapped still opens and is still found."""
        keys = (master_key, *former_keys)
        if any(len(key) != sealing.KEY_BYTES for key in keys):
            raise ConfigurationError(f"the vault needs master keys of {sealing.KEY_BYTES} bytes")
        self._wrapping = {_master_id(key): sealing.derive(key, "wrap") for key in keys}
        self._finding = [sealing.derive(key, "find") for key in keys]
        self._current = _master_id(master_key)

    def keep(
        self, tx: Tx, conversation_id: str, seq: int, found: Iterable[Found], at: datetime
    ) -> tuple[PersonalRef, ...]:
        """Encrypt what was found in one message, in the message's own transaction."""
        return tuple(self._keep(tx, conversation_id, seq, place, one, at) for place, one in enumerate(found))

    def values(self, tx: Tx, conversation_id: str, kind: str | None = None) -> tuple[PersonalRef, ...]:
        """What the conversation has given, in its order, without the values; destroyed ones are not listed."""
        statement = _living().where(_V.conversation_id == conversation_id)
        return _refs(tx, statement if kind is None else statement.where(_V.kind == kind))

    def ref(self, tx: Tx, ref_id: str) -> PersonalRef | None:
        """None where it is not there, or destroyed."""
        return next(iter(_refs(tx, _living().where(_V.id == ref_id))), None)

    def find(self, tx: Tx, kind: str, value: str) -> tuple[PersonalRef, ...]:
        """Where the same value was given before, in any conversation. `value` as `mask` finds it."""
        finders = [sealing.fingerprint(key, _finder_text(kind, value)) for key in self._finding]
        return _refs(tx, _living().where(_V.finder.in_(finders)))

    def same(self, tx: Tx, ref_id: str) -> tuple[PersonalRef, ...]:
        """Where the value of this reference was given, itself too, without looking at the value. What was kept under
        another master key is not seen."""
        finder = sa.select(_V.finder).where(_V.id == ref_id).scalar_subquery()
        return _refs(tx, _living().where(_V.finder == finder))

    def reveal(self, tx: Tx, ref_id: str, actor: str, purpose: str, at: datetime) -> str:
        """The value in the clear, and an audit entry for it in the same transaction (000-58).

        Whether `actor` may see it is the caller's to decide. Raises NotFound, Destroyed.
        """
        row = _row(tx, ref_id)
        key = self._data_key(tx, row)
        detail = {"purpose": purpose, "kind": row.kind, "conversation": row.conversation_id}
        audit(tx, at, actor, Action.REVEALED, f"personal:{ref_id}", detail)
        return sealing.unseal(key, row.ciphertext, _about(row.conversation_id, ref_id, row.kind)).decode()

    def mark_used(self, tx: Tx, ref_id: str, purpose: str) -> None:
        """The value serves a purpose now (a case's contact): `destroy` spares it."""
        row = _row(tx, ref_id, lock=True)
        if row.destroyed_at is not None:
            raise Destroyed()
        if purpose not in row.used_for:
            tx.execute(personal_values.update().where(_V.id == ref_id).values(used_for=[*row.used_for, purpose]))

    def release(self, tx: Tx, ref_id: str, purpose: str) -> None:
        """The purpose is over."""
        row = _row(tx, ref_id, lock=True)
        left = [used for used in row.used_for if used != purpose]
        tx.execute(personal_values.update().where(_V.id == ref_id).values(used_for=left))

    def destroy(
        self, tx: Tx, conversation_id: str, at: datetime, except_used: bool = True, actor: str = "system"
    ) -> int:
        """Delete the keys of the conversation's values, but for those in use. Returns how many values are gone."""
        rows = tx.execute(locked(tx, _living().where(_V.conversation_id == conversation_id))).all()
        gone = [row for row in rows if not (except_used and row.used_for)]
        if gone:
            tx.execute(data_keys.delete().where(data_keys.c.id.in_([row.key_id for row in gone])))
            ids = [row.id for row in gone]
            tx.execute(personal_values.update().where(_V.id.in_(ids)).values(destroyed_at=at, finder=None))
            kinds = sorted({row.kind for row in gone})
            detail = {"count": len(gone), "kinds": kinds, "kept": len(rows) - len(gone)}
            audit(tx, at, actor, Action.DESTROYED, f"conversation:{conversation_id}", detail)
        return len(gone)

    def digests(self, tx: Tx, conversation_id: str) -> dict[str, str]:
        """Ref id to digest of the ciphertext as it stands now, destroyed values too: to hold against the chain."""
        rows = tx.execute(sa.select(_V.id, _V.ciphertext).where(_V.conversation_id == conversation_id))
        return {row.id: sealing.digest(row.ciphertext) for row in rows}

    def _keep(self, tx: Tx, conversation_id: str, seq: int, place: int, found: Found, at: datetime) -> PersonalRef:
        ref_id, key_id, key = secrets.token_hex(12), secrets.token_hex(12), sealing.new_key()
        wrapped = sealing.seal(self._wrapping[self._current], key, _about(conversation_id, key_id, "key"))
        tx.execute(
            data_keys.insert().values(
                id=key_id,
                conversation_id=conversation_id,
                master_id=self._current,
                wrapped=wrapped,
                created_at=at,
            )
        )
        ciphertext = sealing.seal(key, found.value.encode(), _about(conversation_id, ref_id, found.kind))
        tx.execute(
            personal_values.insert().values(
                id=ref_id,
                conversation_id=conversation_id,
                seq=seq,
                place=place,
                kind=found.kind,
                tail=found.tail,
                token=found.token,
                key_id=key_id,
                ciphertext=ciphertext,
                finder=sealing.fingerprint(self._finding[0], _finder_text(found.kind, found.value)),
                used_for=[],
                kept_at=at,
            )
        )
        return PersonalRef(
            ref_id, found.kind, found.tail, found.token, seq, conversation_id, sealing.digest(ciphertext)
        )

    def _data_key(self, tx: Tx, row: sa.engine.Row) -> bytes:
        kept = tx.execute(sa.select(data_keys).where(data_keys.c.id == row.key_id)).one_or_none()
        if kept is None or row.destroyed_at is not None:
            raise Destroyed()
        if kept.master_id not in self._wrapping:
            raise ConfigurationError(f"the master key {kept.master_id} that wraps this value is not configured")
        about = _about(kept.conversation_id, kept.id, "key")
        return sealing.unseal(self._wrapping[kept.master_id], kept.wrapped, about)


def told_alike(tx: Tx, conversation_ids: Collection[str], kinds: Collection[str]) -> set[str]:
    """The conversations in which a value of these kinds stands that is in use in one of these. Opens none of them."""
    in_use = sa.and_(_V.kind.in_(kinds), sa.type_coerce(_V.used_for, sa.Text) != dumps([]))
    here = sa.select(_V.finder).where(in_use, _V.conversation_id.in_(conversation_ids), _V.finder.isnot(None))
    return set(tx.execute(sa.select(_V.conversation_id).where(in_use, _V.finder.in_(here))).scalars())


def _living() -> sa.sql.Select:
    order = (_V.kept_at, _V.conversation_id, _V.seq, _V.place)
    return sa.select(personal_values).where(_V.destroyed_at.is_(None)).order_by(*order)


def _row(tx: Tx, ref_id: str, lock: bool = False) -> sa.engine.Row:
    statement = sa.select(personal_values).where(_V.id == ref_id)
    row = tx.execute(locked(tx, statement) if lock else statement).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _refs(tx: Tx, statement: sa.sql.Select) -> tuple[PersonalRef, ...]:
    return tuple(
        PersonalRef(
            id=row.id,
            kind=row.kind,
            tail=row.tail,
            token=row.token,
            seq=row.seq,
            conversation_id=row.conversation_id,
            digest=sealing.digest(row.ciphertext),
            used_for=tuple(row.used_for),
        )
        for row in tx.execute(statement)
    )


def _master_id(key: bytes) -> str:
    """Names the key without telling anything of it."""
    return sealing.derive(key, "name").hex()[:16]


def _about(conversation_id: str, row_id: str, kind: str) -> str:
    return f"{conversation_id}/{row_id}/{kind}"


def _finder_text(kind: str, value: str) -> str:
    return f"{kind}\0{value}"
