from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.db import Database, metadata
from bot.errors import ConfigurationError, NotFound
from bot.privacy import Destroyed, Vault
from bot.privacy.audit import audit, entries
from bot.privacy.store import data_keys, personal_values
from bot.text.mask import mask

AT = datetime(2026, 11, 22, 9, 30, tzinfo=timezone.utc)
MASTER = bytes(range(32))
SAID = "张三 13800138000，邮箱 li@example.com，身份证11010519491231002X"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vault.db'}")
    metadata.create_all(database.engine, tables=[t for t in metadata.sorted_tables if t.name in _OURS])
    yield database
    database.dispose()


_OURS = {"data_keys", "personal_values", "audit_log"}


@pytest.fixture
def vault() -> Vault:
    return Vault(MASTER)


def test_a_value_is_kept_listed_without_itself_and_revealed_with_an_audit_entry(db: Database, vault: Vault) -> None:
    with db.transaction() as tx:
        kept = vault.keep(tx, "c1", 3, mask(SAID, names=True).found, AT)
    with db.transaction() as tx:
        assert vault.values(tx, "c1") == kept
        (phone,) = vault.values(tx, "c1", "phone")
        assert (phone.tail, phone.token, phone.seq) == ("8000", "〔手机·尾号8000〕", 3)
        assert vault.reveal(tx, phone.id, "wang", "回电", AT) == "13800138000"
        (entry,) = entries(tx, f"personal:{phone.id}")
    assert (entry.actor, entry.action, entry.at) == ("wang", "privacy:value:reveal", AT)
    assert entry.detail == {"purpose": "回电", "kind": "phone", "conversation": "c1"}


def test_every_kind_comes_back_as_it_was_given(db: Database, vault: Vault) -> None:
    with db.transaction() as tx:
        refs = vault.keep(tx, "c1", 1, mask(SAID, names=True).found, AT)
        shown = {ref.kind: vault.reveal(tx, ref.id, "wang", "核实", AT) for ref in refs}
    assert shown == {
        "name": "张三",
        "phone": "13800138000",
        "email": "li@example.com",
        "id": "11010519491231002X",
    }


def test_nothing_in_the_database_file_holds_the_value(db: Database, vault: Vault, tmp_path: Path) -> None:
    with db.transaction() as tx:
        (ref, *_) = vault.keep(tx, "c1", 1, mask("13800138000").found, AT)
        vault.reveal(tx, ref.id, "wang", "回电", AT)
    db.dispose()
    for file in tmp_path.iterdir():
        assert b"13800138000" not in file.read_bytes()


def test_the_same_value_is_found_in_other_conversations_by_hmac(db: Database, vault: Vault) -> None:
    with db.transaction() as tx:
        vault.keep(tx, "c1", 1, mask("138-0013-8000").found, AT)
        vault.keep(tx, "c2", 4, mask("+86 13800138000").found, AT)
        vault.keep(tx, "c3", 1, mask("13900139000").found, AT)
        assert [(r.conversation_id, r.seq) for r in vault.find(tx, "phone", "13800138000")] == [("c1", 1), ("c2", 4)]
        assert vault.find(tx, "card", "13800138000") == ()
        finders = [row.finder for row in tx.execute(sa.select(personal_values.c.finder))]
    assert finders[0] == finders[1] != finders[2]


def test_a_rolled_back_message_keeps_nothing(db: Database, vault: Vault) -> None:
    with pytest.raises(RuntimeError), db.transaction() as tx:
        vault.keep(tx, "c1", 1, mask("13800138000").found, AT)
        raise RuntimeError
    with db.transaction() as tx:
        assert vault.values(tx, "c1") == ()


def test_destroying_deletes_the_keys_and_spares_what_is_in_use(db: Database, vault: Vault) -> None:
    with db.transaction() as tx:
        phone, card = vault.keep(tx, "c1", 1, mask("13800138000 卡号6222021234567890128").found, AT)
        vault.mark_used(tx, phone.id, "case:TS20261122-000001")
        vault.mark_used(tx, phone.id, "case:TS20261122-000001")
        before = vault.digests(tx, "c1")
        assert vault.destroy(tx, "c1", AT) == 1
        assert [ref.used_for for ref in vault.values(tx, "c1")] == [("case:TS20261122-000001",)]
        assert vault.reveal(tx, phone.id, "wang", "回电", AT) == "13800138000"
        with pytest.raises(Destroyed):
            vault.reveal(tx, card.id, "wang", "核实", AT)
        assert vault.find(tx, "card", "6222021234567890128") == ()
        assert tx.execute(sa.select(sa.func.count()).select_from(data_keys)).scalar_one() == 1
        assert vault.digests(tx, "c1") == before == {ref.id: ref.digest for ref in (phone, card)}
        (entry,) = entries(tx, "conversation:c1")
    assert entry.detail == {"count": 1, "kinds": ["card"], "kept": 1}


def test_destroying_everything_and_destroying_again(db: Database, vault: Vault) -> None:
    with db.transaction() as tx:
        (phone,) = vault.keep(tx, "c1", 1, mask("13800138000").found, AT)
        (other,) = vault.keep(tx, "c2", 1, mask("13800138000").found, AT)
        vault.mark_used(tx, phone.id, "case:1")
        assert vault.destroy(tx, "c1", AT, except_used=False) == 1
        assert vault.destroy(tx, "c1", AT, except_used=False) == 0
        assert [ref.id for ref in vault.find(tx, "phone", "13800138000")] == [other.id]
        with pytest.raises(Destroyed):
            vault.mark_used(tx, phone.id, "case:2")


def test_a_released_value_is_destroyed_like_any_other(db: Database, vault: Vault) -> None:
    with db.transaction() as tx:
        (phone,) = vault.keep(tx, "c1", 1, mask("13800138000").found, AT)
        vault.mark_used(tx, phone.id, "case:1")
        vault.release(tx, phone.id, "case:1")
        assert vault.destroy(tx, "c1", AT) == 1


def test_changed_rows_do_not_open_and_their_digest_tells(db: Database, vault: Vault) -> None:
    with db.transaction() as tx:
        first, second = vault.keep(tx, "c1", 1, mask("13800138000 13900139000").found, AT)
        stolen = tx.execute(sa.select(personal_values).where(personal_values.c.id == second.id)).one()
        tx.execute(
            personal_values.update()
            .where(personal_values.c.id == first.id)
            .values(ciphertext=stolen.ciphertext, key_id=stolen.key_id)
        )
        assert vault.digests(tx, "c1")[first.id] != first.digest
        with pytest.raises(ConfigurationError):
            vault.reveal(tx, first.id, "wang", "回电", AT)


def test_another_master_key_is_named_not_guessed(db: Database, vault: Vault) -> None:
    with db.transaction() as tx:
        (phone,) = vault.keep(tx, "c1", 1, mask("13800138000").found, AT)
        with pytest.raises(ConfigurationError, match="not configured"):
            Vault(bytes(32)).reveal(tx, phone.id, "wang", "回电", AT)


def test_a_replaced_master_key_still_opens_and_finds(db: Database, vault: Vault) -> None:
    renewed = Vault(bytes(reversed(MASTER)), former_keys=[MASTER])
    with db.transaction() as tx:
        (phone,) = vault.keep(tx, "c1", 1, mask("13800138000").found, AT)
        renewed.keep(tx, "c2", 1, mask("13800138000").found, AT)
        assert renewed.reveal(tx, phone.id, "wang", "回电", AT) == "13800138000"
        assert len(renewed.find(tx, "phone", "13800138000")) == 2


def test_wrong_use_is_told(db: Database, vault: Vault) -> None:
    with pytest.raises(ConfigurationError):
        Vault(b"short")
    with db.transaction() as tx, pytest.raises(NotFound):
        vault.reveal(tx, "nobody", "wang", "回电", AT)


def test_a_failed_reveal_leaves_no_trace_of_a_reading(db: Database, vault: Vault) -> None:
    with db.transaction() as tx:
        (phone,) = vault.keep(tx, "c1", 1, mask("13800138000").found, AT)
        vault.destroy(tx, "c1", AT)
    with pytest.raises(Destroyed), db.transaction() as tx:
        vault.reveal(tx, phone.id, "wang", "回电", AT)
    with db.transaction() as tx:
        assert [e.action for e in entries(tx)] == ["privacy:value:destroy"]


def test_what_goes_into_an_event_is_no_more_than_the_token_says(db: Database, vault: Vault) -> None:
    with db.transaction() as tx:
        (phone,) = vault.keep(tx, "c1", 7, mask("13800138000").found, AT)
    assert phone.to_json() == {
        "id": phone.id,
        "kind": "phone",
        "tail": "8000",
        "token": "〔手机·尾号8000〕",
        "seq": 7,
        "digest": phone.digest,
    }


def test_audit_entries_stand_in_order_with_their_subject(db: Database) -> None:
    with db.transaction() as tx:
        audit(tx, AT, "li", "desk:message:override", "conversation:c1", {"reason": "客户要求"})
        audit(tx, AT, "wang", "desk:session:end", "user:wang")
        assert [(e.actor, e.action, dict(e.detail)) for e in entries(tx)] == [
            ("li", "desk:message:override", {"reason": "客户要求"}),
            ("wang", "desk:session:end", {}),
        ]
