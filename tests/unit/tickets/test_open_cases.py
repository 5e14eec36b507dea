"""What the desk has to do by when, who has taken it, and how the customer is reached. On both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from tickets_support import MONDAY, PHONE, Desk
from tickets_support import number as number_of

from bot.conversation import callback
from bot.errors import Conflict, NotFound
from bot.privacy.audit import entries
from bot.tickets import store
from bot.tickets.listing import Filter, search
from bot.tickets.model import Case, CaseState, Kind
from bot.tickets.work import contact_refs

EMAIL = "li@example.com"


def leave_message(desk: Desk, conversation: str, due_at: datetime = MONDAY + timedelta(hours=2)) -> str:
    """A callback case, as `conversation` opens it; gives its number."""
    with desk.db.transaction() as tx:
        return desk.tickets.open_callback(tx, conversation, desk.last.get(conversation, 1), "asked", due_at).number


def give(desk: Desk, conversation: str, text: str) -> None:
    """A number or address for the callback, in a message of its own."""
    seq, _ = desk.hear(conversation, text)
    with desk.db.transaction() as tx:
        for ref in desk.vault.values(tx, conversation):
            if ref.seq == seq:
                desk.vault.mark_used(tx, ref.id, callback.PURPOSE)


def open_numbers(desk: Desk, limit: int = 50) -> list[str]:
    officer = desk.officer("super", "supervisor", "head")
    with desk.db.transaction() as tx:
        found, _ = search(tx, officer, Filter(limit=limit), desk.clock.now())
        return [case.number for case in found]


def take(desk: Desk, number: str, actor: str = "anna") -> Case:
    return desk.act(number, "take", desk.officer(actor, "complaints"))


def called_back(desk: Desk, number: str, actor: str = "anna", note: str = "已说明") -> Case:
    return desk.act(number, "done", desk.officer(actor, "complaints"), note=note)


def reveal(desk: Desk, number: str, actor: str = "anna") -> str | None:
    return desk.casework.reveal_contact(desk.officer(actor, "complaints"), number)


def history(desk: Desk, number: str) -> list[tuple[str, str]]:
    """Without what the customer was told."""
    return [entry for entry in desk.history(number) if entry[1] != "told"]


class TestTheList:
    def test_what_is_due_first_stands_first(self, desk: Desk, conversation: str) -> None:
        complaint = desk.complain(conversation)
        later = leave_message(desk, desk.conversation(), MONDAY + timedelta(hours=5))
        sooner = leave_message(desk, desk.conversation(), MONDAY + timedelta(hours=1))
        assert open_numbers(desk) == [sooner, later, complaint]
        assert open_numbers(desk, limit=2) == [sooner, later]

    def test_what_is_over_is_not_in_it(self, desk: Desk, conversation: str) -> None:
        done, left = (leave_message(desk, desk.conversation()) for _ in range(2))
        called_back(desk, done)
        assert open_numbers(desk) == [left]


def test_a_callback_is_not_withdrawn_the_customer_would_wait_for_it(desk: Desk, conversation: str) -> None:
    number = leave_message(desk, conversation)
    with pytest.raises(Conflict):
        desk.act(number, "withdraw", reason="不用了")
    assert desk.tickets.case(number).state is CaseState.NEW


class TestTaking:
    def test_a_callback_is_assigned_and_the_record_says_to_whom(self, desk: Desk, conversation: str) -> None:
        number = leave_message(desk, conversation)
        assert take(desk, number).state is CaseState.ASSIGNED
        assert history(desk, number) == [("bot", "opened"), ("anna", "assigned")]

    def test_a_complaint_is_accepted_first_and_no_step_is_skipped(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        assert take(desk, number).state is CaseState.ASSIGNED
        assert history(desk, number)[1:] == [("anna", "accepted"), ("anna", "assigned")]

    def test_an_accepted_complaint_and_an_appeal_are_taken_too(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        desk.act(number, "accept")
        assert desk.act(number, "take").state is CaseState.ASSIGNED
        desk.act(number, "investigate")
        desk.act(number, "propose", text="向您道歉")
        desk.act(number, "resolve", basics="排队", handling="道歉", reasons="属实", no_agreement="联系不上")
        assert desk.act(number, "appeal", reason="不认可").state is CaseState.REOPENED
        assert take(desk, number).state is CaseState.ASSIGNED

    def test_the_second_is_told_who_was_faster(self, desk: Desk, conversation: str) -> None:
        number = leave_message(desk, conversation)
        take(desk, number, "anna")
        with pytest.raises(Conflict) as refused:
            take(desk, number, "bert")
        assert refused.value.extra["holder"] == "anna"
        assert desk.tickets.case(number).owner_user == "anna"

    def test_of_many_at_once_one_gets_it(self, desk: Desk, conversation: str) -> None:
        number = leave_message(desk, conversation)

        def tries(agent: str) -> bool:
            try:
                return take(desk, number, agent).state is CaseState.ASSIGNED
            except Conflict:
                return False

        with ThreadPoolExecutor(4) as pool:
            won = list(pool.map(tries, [f"agent{n}" for n in range(4)]))
        assert sum(won) == 1
        assert len(history(desk, number)) == 2

    def test_what_is_over_is_not_taken(self, desk: Desk, conversation: str) -> None:
        number = leave_message(desk, conversation)
        called_back(desk, number)
        with pytest.raises(Conflict):
            take(desk, number)


class TestCalledBack:
    def test_it_is_over_with_what_came_of_it(self, desk: Desk, conversation: str) -> None:
        number = leave_message(desk, conversation)
        take(desk, number, "anna")
        assert called_back(desk, number, "anna", "客户已了解").state is CaseState.CLOSED
        last = desk.tickets.history(number)[-1]
        assert (last.actor, last.action, last.detail) == ("anna", "closed", {"note": "客户已了解"})

    def test_only_once(self, desk: Desk, conversation: str) -> None:
        number = leave_message(desk, conversation)
        called_back(desk, number)
        with pytest.raises(Conflict):
            called_back(desk, number)

    def test_a_complaint_cannot_be_ended_like_this(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        take(desk, number)
        with pytest.raises(Conflict):
            called_back(desk, number)
        assert desk.tickets.case(number).state is CaseState.ASSIGNED


class TestContact:
    def test_is_read_on_record(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        assert reveal(desk, number, "anna") == PHONE
        ref = desk.tickets.case(number).contact.ref
        with desk.db.transaction() as tx:
            (entry,) = [e for e in entries(tx, f"personal:{ref}") if e.actor == "anna"]
        assert entry.action == "privacy:value:reveal"
        assert number in entry.detail["purpose"]
        assert history(desk, number)[-1] == ("anna", "contact_read")

    def test_neither_the_record_nor_the_history_hold_it(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        reveal(desk, number)
        with desk.db.transaction() as tx:
            written = [*entries(tx), *store.events_of(tx, number)]
        assert len(written) >= 3
        assert not [line for line in written if PHONE in str(line)]

    def test_where_it_is_this_chat_there_is_nothing_to_read(self, desk: Desk, conversation: str) -> None:
        complaint = number_of(desk.complain_again(conversation))
        for number in (complaint, leave_message(desk, desk.conversation())):
            assert reveal(desk, number) is None
            assert history(desk, number) == [("bot", "opened")]

    def test_comes_with_the_name_that_was_given_with_it(self, desk: Desk, conversation: str) -> None:
        assert reveal(desk, desk.complain(conversation, phone=f"王小明 {PHONE}")) == f"王小明 {PHONE}"

    def test_a_callback_has_the_number_that_was_known_when_it_was_opened(self, desk: Desk, conversation: str) -> None:
        desk.hear(conversation, f"我的手机{PHONE}")
        assert reveal(desk, leave_message(desk, conversation)) == PHONE

    def test_and_after_that_the_last_one_given_for_it(self, desk: Desk, conversation: str) -> None:
        desk.hear(conversation, "我的手机13911112222")
        number = leave_message(desk, conversation)
        give(desk, conversation, "13922223333")
        give(desk, conversation, PHONE)
        assert reveal(desk, number) == PHONE

    def test_a_number_given_for_nothing_is_not_called(self, desk: Desk, conversation: str) -> None:
        number = leave_message(desk, conversation)
        give(desk, conversation, PHONE)
        desk.hear(conversation, "13911112222给我发短信，是你们吗")
        assert reveal(desk, number) == PHONE

    def test_one_calls_rather_than_writes(self, desk: Desk, conversation: str) -> None:
        number = leave_message(desk, conversation)
        give(desk, conversation, f"{EMAIL}，{PHONE}")
        assert reveal(desk, number) == PHONE
        give(desk, conversation, EMAIL)
        assert reveal(desk, number) == EMAIL

    def test_a_complaint_is_answered_under_the_number_that_was_given_for_it(
        self, desk: Desk, conversation: str
    ) -> None:
        number = desk.complain(conversation)
        give(desk, conversation, "13911112222")
        assert reveal(desk, number) == PHONE

    def test_nobody_reads_it_when_the_case_is_over(self, desk: Desk, conversation: str) -> None:
        number = leave_message(desk, conversation)
        give(desk, conversation, PHONE)
        called_back(desk, number)
        with pytest.raises(Conflict):
            reveal(desk, number)

    def test_survives_the_end_of_the_conversation(self, desk: Desk, conversation: str) -> None:
        number = leave_message(desk, conversation)
        give(desk, conversation, PHONE)
        desk.hear(conversation, "13911112222")
        with desk.db.transaction() as tx:
            assert desk.vault.destroy(tx, conversation, desk.clock.now()) == 1
        assert reveal(desk, number) == PHONE


def test_a_case_that_does_not_exist(desk: Desk) -> None:
    for deed in (take, called_back, reveal):
        with pytest.raises(NotFound):
            deed(desk, "HF20261123-999999")


def test_without_values_a_case_has_nothing_to_open(desk: Desk, conversation: str) -> None:
    case = desk.tickets.case(leave_message(desk, conversation))
    assert (case.kind, contact_refs(case, ())) == (Kind.CALLBACK, ())
