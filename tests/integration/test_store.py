"""The log and what stands beside it, on SQLite and PostgreSQL: what is committed stays, whole and in order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation import store, turns
from bot.conversation.model import Answer, Event
from bot.conversation.store import conversations, events
from bot.db import Tx
from bot.errors import KeyReused, NotFound
from bot.migrate import config, is_current, upgrade
from bot.privacy.store import data_keys, personal_values
from bot.privacy.vault import Destroyed
from bot.tables import metadata
from bot.wiring import House

HOURS = understood("branch_hours", Answer("branch_hours"))


@pytest.fixture
def chat(any_house: House) -> Chat:
    return Chat(any_house, FakeAssistant(otherwise=HOURS))


def stored(house: House, table: sa.Table) -> list[dict[str, Any]]:
    with house.db.transaction() as tx:
        return [dict(row._mapping) for row in tx.execute(sa.select(table))]


def broken_at(house: House, conversation_id: str) -> int | None:
    with house.db.transaction() as tx:
        return store.broken_at(tx, conversation_id)


class TestTheLog:
    def test_numbers_follow_each_other_from_one(self, chat: Chat) -> None:
        for text in ("几点开门", "周末呢", "节假日呢"):
            chat.says(text)
        assert [event.seq for event in chat.events] == list(range(1, 8))
        assert chat.conversation.last_seq == 7

    def test_conversations_are_numbered_and_chained_apart(self, any_house: House, chat: Chat) -> None:
        other = Chat(any_house, chat.assistant)
        chat.says("几点开门")
        other.says("几点开门")
        assert [event.seq for event in other.events] == [1, 2, 3]
        assert {event.hash for event in chat.events}.isdisjoint(event.hash for event in other.events)

    def test_each_event_carries_the_hash_of_the_one_before(self, any_house: House, chat: Chat) -> None:
        chat.says("几点开门")
        log = chat.events
        assert log[0].prev_hash == store.GENESIS
        assert [event.prev_hash for event in log[1:]] == [event.hash for event in log[:-1]]
        assert broken_at(any_house, chat.id) is None

    def test_reading_resumes_after_a_number(self, any_house: House, chat: Chat) -> None:
        chat.says("几点开门")
        with any_house.db.transaction() as tx:
            assert [event.seq for event in store.read(tx, chat.id, after=1)] == [2, 3]
            assert store.read(tx, chat.id, after=3) == []

    def test_an_unknown_conversation_is_not_found(self, any_house: House) -> None:
        with pytest.raises(NotFound), any_house.db.transaction() as tx:
            store.get(tx, "nobody")

    def test_what_fails_half_way_leaves_nothing(self, any_house: House, chat: Chat) -> None:
        before = (chat.conversation, chat.events)
        with pytest.raises(RuntimeError), any_house.db.transaction() as tx:
            conversation = store.get(tx, chat.id, lock=True)
            any_house.conversations.handoff.bring_person(tx, conversation, "asked", any_house.clock.now())
            raise RuntimeError("the machine dies here")
        assert (chat.conversation, chat.events) == before


class TestTheChain:
    @pytest.fixture
    def told(self, chat: Chat) -> Chat:
        chat.says("几点开门")
        chat.says("周末呢")
        assert broken_at(chat.house, chat.id) is None
        return chat

    @pytest.mark.parametrize(
        "changed",
        [
            {"payload": {"text": "别的话"}},
            {"actor_name": "somebody"},
            {"actor_kind": "agent"},
            {"kind": "notice"},
            {"epoch": 9},
            {"idempotency_key": "another-key"},
        ],
        ids=lambda changed: next(iter(changed)),
    )
    def test_a_changed_row_is_found(self, told: Chat, changed: dict[str, Any]) -> None:
        with told.house.db.transaction() as tx:
            tx.execute(self._row(events.update(), told, 3).values(**changed))
        assert broken_at(told.house, told.id) == 3

    def test_a_changed_time_is_found(self, told: Chat) -> None:
        with told.house.db.transaction() as tx:
            at = store.event_at(tx, told.id, 3).at.replace(microsecond=1)
            tx.execute(self._row(events.update(), told, 3).values(at=at))
        assert broken_at(told.house, told.id) == 3

    @pytest.mark.parametrize("seq", [1, 3])
    def test_a_removed_row_is_found(self, told: Chat, seq: int) -> None:
        with told.house.db.transaction() as tx:
            tx.execute(self._row(events.delete(), told, seq))
        assert broken_at(told.house, told.id) == seq

    def test_a_cut_off_end_is_found(self, told: Chat) -> None:
        with told.house.db.transaction() as tx:
            tx.execute(self._row(events.delete(), told, 5))
        assert broken_at(told.house, told.id) == 5

    def test_a_row_put_at_the_end_is_found_though_its_own_hash_is_right(self, told: Chat) -> None:
        with told.house.db.transaction() as tx:
            self._forge(tx, told, store.event_at(tx, told.id, 5), 6)
        assert broken_at(told.house, told.id) == 6

    def test_a_row_put_in_between_is_found_though_its_own_hash_is_right(self, told: Chat) -> None:
        with told.house.db.transaction() as tx:
            tx.execute(self._row(events.update(), told, 5).values(seq=6))
            self._forge(tx, told, store.event_at(tx, told.id, 4), 5)
        assert broken_at(told.house, told.id) == 6

    def test_a_last_row_written_anew_is_found_though_its_own_hash_is_right(self, told: Chat) -> None:
        with told.house.db.transaction() as tx:
            last = replace(store.event_at(tx, told.id, 5), payload={"text": "别的话"})
            changed = {"payload": last.payload, "hash": store.chain_hash(last)}
            tx.execute(self._row(events.update(), told, 5).values(**changed))
        assert broken_at(told.house, told.id) == 5

    def test_one_broken_conversation_breaks_no_other(self, any_house: House, told: Chat) -> None:
        other = Chat(any_house, told.assistant)
        other.says("几点开门")
        with any_house.db.transaction() as tx:
            tx.execute(self._row(events.update(), told, 2).values(payload={"text": "别的话"}))
        assert (broken_at(any_house, told.id), broken_at(any_house, other.id)) == (2, None)

    def _forge(self, tx: Tx, chat: Chat, before: Event, seq: int) -> None:
        """A row that follows `before`, with a number and a hash that are right in themselves."""
        forged = replace(before, seq=seq, prev_hash=before.hash, idempotency_key=None)
        copied = tx.execute(self._row(sa.select(events), chat, before.seq)).mappings().one()
        new = {"seq": seq, "prev_hash": before.hash, "idempotency_key": None, "hash": store.chain_hash(forged)}
        tx.execute(events.insert().values({**copied, **new}))

    def _row(self, statement: Any, chat: Chat, seq: int) -> Any:
        return statement.where(events.c.conversation_id == chat.id, events.c.seq == seq)


class TestIdempotency:
    def test_the_same_key_is_the_same_message(self, chat: Chat) -> None:
        assert chat.sends("几点开门", key="a-key") == chat.sends("几点开门", key="a-key") == 2
        assert chat.conversation.last_seq == 2

    def test_the_same_key_with_another_text_is_refused_and_stores_nothing(self, chat: Chat) -> None:
        chat.sends("几点开门", key="a-key")
        with pytest.raises(KeyReused):
            chat.sends("周末呢", key="a-key")
        assert chat.conversation.last_seq == 2

    def test_the_same_key_in_another_conversation_is_another_message(self, any_house: House, chat: Chat) -> None:
        other = Chat(any_house, chat.assistant)
        chat.sends("几点开门", key="a-key")
        other.sends("周末呢", key="a-key")
        assert [c.events[-1].payload["text"] for c in (chat, other)] == ["几点开门", "周末呢"]

    def test_the_database_itself_refuses_a_second_row_with_the_key(self, any_house: House, chat: Chat) -> None:
        seq = chat.sends("几点开门", key="a-key")
        row = next(row for row in stored(any_house, events) if row["seq"] == seq)
        with pytest.raises(sa.exc.IntegrityError), any_house.db.transaction() as tx:
            tx.execute(events.insert().values({**row, "seq": seq + 1}))


class TestTurns:
    """One at a time for a conversation, in order, none lost."""

    def test_the_first_open_message_is_claimed_and_then_nobody_gets_another(self, any_house: House, chat: Chat) -> None:
        first, _second = chat.sends("几点开门"), chat.sends("周末呢")
        claimed = any_house.conversations.claim_turn(chat.id, 15)
        assert claimed is not None
        assert (claimed[0].seq, claimed[0].attempt, claimed[1].text) == (first, 1, "几点开门")
        assert any_house.conversations.claim_turn(chat.id, 15) is None
        assert any_house.conversations.open_turns() == [chat.id]  # the second one still waits

    def test_a_turn_left_behind_is_taken_up_when_its_lease_ends(
        self, any_house: House, chat: Chat, clock: FrozenClock
    ) -> None:
        chat.sends("几点开门")
        lost = any_house.conversations.claim_turn(chat.id, 15)
        clock.advance(14.9)
        assert any_house.conversations.open_turns() == []
        clock.advance(0.1)
        assert any_house.conversations.open_turns() == [chat.id]
        again = any_house.conversations.claim_turn(chat.id, 15)
        assert lost is not None and again is not None
        assert (again[0].seq, again[0].attempt) == (lost[0].seq, 2)

    def test_late_output_of_an_earlier_attempt_is_dropped(
        self, any_house: House, chat: Chat, clock: FrozenClock
    ) -> None:
        chat.sends("几点开门")
        late = any_house.conversations.claim_turn(chat.id, 15)
        clock.advance(16)
        again = any_house.conversations.claim_turn(chat.id, 15)
        assert late is not None and again is not None
        assert any_house.conversations.finish_turn(late[0], HOURS) is False
        assert any_house.conversations.finish_turn(again[0], HOURS) is True
        assert any_house.conversations.finish_turn(again[0], HOURS) is False
        assert len(chat.said("branch_hours")) == 1

    def test_who_took_over_meanwhile_silences_the_turn(self, any_house: House, chat: Chat) -> None:
        chat.sends("几点开门")
        claimed = any_house.conversations.claim_turn(chat.id, 15)
        chat.sends(choice="human")
        assert claimed is not None
        assert any_house.conversations.finish_turn(claimed[0], HOURS) is False
        assert chat.said("branch_hours") == []
        assert any_house.conversations.open_turns() == []
        assert {row["state"] for row in stored(any_house, turns.turns)} == {"dropped"}


class TestPersonalData:
    def test_values_and_their_destruction_leave_the_chain_whole(self, any_house: House, chat: Chat) -> None:
        chat.says("我的手机号是13800138000，邮箱zhangsan@example.com")
        with any_house.db.transaction() as tx:
            refs = any_house.vault.values(tx, chat.id)
            assert {ref.kind for ref in refs} == {"phone", "email"}
            phone = next(ref for ref in refs if ref.kind == "phone")
            assert any_house.vault.reveal(tx, phone.id, "agent1", "callback", any_house.clock.now()) == "13800138000"
            any_house.vault.destroy(tx, chat.id, any_house.clock.now())
        assert stored(any_house, data_keys) == []
        assert broken_at(any_house, chat.id) is None
        with any_house.db.transaction() as tx:
            assert any_house.vault.find(tx, "phone", "13800138000") == ()
            with pytest.raises(Destroyed):
                any_house.vault.reveal(tx, phone.id, "agent1", "callback", any_house.clock.now())

    def test_the_chain_covers_the_ciphertext(self, any_house: House, chat: Chat) -> None:
        chat.says("我的手机号是13800138000")
        covered = {
            ref["id"]: ref["digest"] for event in chat.events for ref in event.payload["internal"].get("personal", ())
        }
        with any_house.db.transaction() as tx:
            assert any_house.vault.digests(tx, chat.id) == covered
            any_house.vault.destroy(tx, chat.id, any_house.clock.now())
            assert any_house.vault.digests(tx, chat.id) == covered

    def test_a_message_and_its_values_come_in_together_or_not_at_all(self, any_house: House, chat: Chat) -> None:
        chat.sends("我的手机号是13800138000", key="a-key")
        with pytest.raises(KeyReused):
            chat.sends("我的手机号是13900139000", key="a-key")
        assert len(stored(any_house, personal_values)) == len(stored(any_house, data_keys)) == 1


class TestMigrations:
    def test_they_give_what_the_code_expects(self, any_house: House) -> None:
        with any_house.db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
            assert compare_metadata(context, metadata) == []

    def test_a_second_run_changes_nothing(self, any_house: House, chat: Chat) -> None:
        upgrade(any_house.db)
        assert is_current(any_house.db)
        assert chat.conversation.last_seq == 1

    def test_the_way_back_leaves_nothing_behind_and_the_way_up_can_be_gone_again(self, any_house: House) -> None:
        command.downgrade(config(any_house.db), "base")
        assert set(sa.inspect(any_house.db.engine).get_table_names()) == {"alembic_version"}
        assert not is_current(any_house.db)
        upgrade(any_house.db)
        assert is_current(any_house.db)


def test_moments_come_back_as_they_were_put(any_house: House, chat: Chat) -> None:
    with any_house.db.transaction() as tx:
        row = tx.execute(sa.select(conversations.c.created_at).where(conversations.c.id == chat.id)).one()
    assert row.created_at == any_house.clock.now()
