"""What is kept from whom a complaint is about, and how it goes back to the queue (L1). On both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tickets_support import PHONE, Desk, at

from bot.conversation import store as log
from bot.errors import Conflict, NotFound
from bot.tickets import alerts, store
from bot.tickets.entering import Entry
from bot.tickets.model import Case, CaseState
from bot.tickets.recusal import Officer
from bot.tickets.recused import kept_from

ABOUT_HER = "小前anna态度恶劣，还骂人"
OTHER_PHONE = "13900139000"


@pytest.fixture
def anna(desk: Desk) -> Officer:
    return desk.officer("anna", "complaints", "supervisor", "head")


@pytest.fixture
def bert(desk: Desk) -> Officer:
    return desk.officer("bert", "complaints")


def kept(desk: Desk, username: str = "anna") -> set[str]:
    with desk.db.transaction() as tx:
        return kept_from(tx, username)


def callback(desk: Desk, conversation: str, officer: Officer | None = None, phone: str = "") -> Case:
    """Somebody is to call him; `officer` has taken it."""
    if phone:
        desk.hear(conversation, phone)
    with desk.db.transaction() as tx:
        due_at = desk.clock.now() + timedelta(days=2)
        case = desk.tickets.open_callback(tx, conversation, desk.last.get(conversation, 1), "asked", due_at)
    return desk.act(case.number, "take", officer) if officer else case


def bind(desk: Desk, conversation: str, customer: str) -> None:
    with desk.db.transaction() as tx:
        log.save(tx, replace(log.get(tx, conversation), customer_id=customer))


class TestOneCustomer:
    @pytest.fixture(autouse=True)
    def about(self, anna: Officer, desk: Desk, conversation: str) -> str:
        return desk.complain(conversation, ABOUT_HER)

    def test_his_conversations_before_and_after_it(self, desk: Desk, conversation: str) -> None:
        later = desk.conversation(former_id=conversation)
        last = desk.conversation(former_id=later)
        assert kept(desk) == {conversation, later, last}

    def test_those_that_the_bank_has_bound_to_him(self, desk: Desk, conversation: str) -> None:
        other, stranger = desk.conversation(), desk.conversation()
        for one, customer in ((conversation, "1"), (other, "1"), (stranger, "2")):
            bind(desk, one, customer)
        assert kept(desk) == {conversation, other}

    def test_not_what_stands_before_it_in_a_browser_that_is_somebody_elses(self, desk: Desk) -> None:
        lent, own = desk.conversation(), desk.conversation()
        with desk.db.transaction() as tx:
            log.save(tx, replace(log.get(tx, own), former_id=lent))
        bind(desk, lent, "2")
        bind(desk, own, "1")
        desk.complain(own, ABOUT_HER, OTHER_PHONE)
        assert lent not in kept(desk) and own in kept(desk)

    def test_those_in_which_he_gave_the_same_number_to_be_reached(self, desk: Desk, conversation: str) -> None:
        same, other, idle = desk.conversation(), desk.conversation(), desk.conversation()
        callback(desk, same, phone=PHONE)
        callback(desk, other, phone=OTHER_PHONE)
        desk.hear(idle, PHONE)  # serves nothing
        assert kept(desk) == {conversation, same}

    def test_those_in_which_the_matter_was_told_again(self, desk: Desk, conversation: str, about: str) -> None:
        entry = Entry(ABOUT_HER, "phone", contact=PHONE)
        opened = desk.entering.enter(entry, "key-0001", desk.officer("clara", "complaints"))
        assert (opened.joined, opened.case.number) == (True, about)
        with desk.db.transaction() as tx:
            (again,) = [row.conversation_id for row in store.links_of(tx, about)]
        assert kept(desk) == {conversation, again}
        desk.act(about, "withdraw", reason="客户撤回")
        assert kept(desk) == {conversation, again}  # there it was told

    def test_when_it_is_over_those_in_which_it_was_not_told_are_free(
        self, desk: Desk, conversation: str, about: str
    ) -> None:
        later = desk.conversation(former_id=conversation)
        assert later in kept(desk)
        desk.act(about, "withdraw", reason="客户撤回")
        assert kept(desk) == {conversation}

    def test_nobody_elses(self, desk: Desk) -> None:
        for name in ("bert", "ann", "nna", "ANNA", "a%", "ann_"):
            assert kept(desk, name) == set()


class TestWhileItIsTold:
    def test_from_the_words_on_and_also_when_he_thinks_better_of_it(self, desk: Desk, anna: Officer) -> None:
        conversation = desk.conversation()
        desk.say(conversation, "我要投诉")
        assert kept(desk) == set()
        desk.say(conversation, ABOUT_HER)
        assert kept(desk) == {conversation}
        desk.press(conversation, "cancel")
        assert kept(desk) == {conversation}

    def test_not_when_the_words_that_named_her_are_changed(self, desk: Desk, anna: Officer) -> None:
        conversation = desk.conversation()
        desk.say(conversation, f"我要投诉，{ABOUT_HER}，我要求道歉")
        desk.say(conversation, PHONE)
        desk.press(conversation, "edit")
        desk.say(conversation, "昨天在城南支行办业务，柜员让我等了两个小时")
        assert kept(desk) == set()

    def test_told_to_the_end_the_case_alone_says_whom_it_is_about(self, desk: Desk, anna: Officer) -> None:
        conversation = desk.conversation()
        number = desk.complain(conversation, ABOUT_HER)
        desk.act(number, "accused", desk.officer("super", "supervisor"), usernames=[], reason="说的是另一位")
        assert kept(desk) == set()


class TestWhomItIsAbout:
    def test_who_called_him_back_has_talked_with_him(self, desk: Desk, bert: Officer, conversation: str) -> None:
        desk.act(callback(desk, conversation).number, "done", bert, note="已回电")
        number = desk.complain(conversation, "刚才给我回电话的客服态度恶劣，不耐烦")
        assert desk.tickets.case(number).accused == ("bert",)

    def test_a_repetition_is_about_whom_the_former_one_is(self, desk: Desk, anna: Officer, conversation: str) -> None:
        first = desk.complain(conversation, f"{ABOUT_HER}，在城南支行等了两个小时")
        desk.act(first, "withdraw", reason="客户撤回")
        desk.complain_again(conversation, "在城南支行等了两个小时，还是没人管")
        (again,) = [case for case in cases_of(desk, conversation) if case.number != first]
        assert (again.repeat_of, again.accused) == (first, ("anna",))


def cases_of(desk: Desk, conversation: str) -> list[Case]:
    with desk.db.transaction() as tx:
        return desk.tickets.cases_of(tx, conversation)


class TestGoingBack:
    def test_a_callback_and_an_older_complaint_of_the_same_customer(
        self, desk: Desk, anna: Officer, conversation: str
    ) -> None:
        first = desk.complain(conversation)
        desk.act(first, "take", anna)
        call = callback(desk, conversation, anna)
        foreign = callback(desk, desk.conversation(), anna)
        running = [(clock.kind, clock.due_at) for number in (first, call.number) for clock in desk.clocks(number)]
        later = desk.conversation(former_id=conversation)
        about = desk.complain(later, ABOUT_HER)
        assert desk.tick() == 2
        found = {number: desk.tickets.case(number) for number in (first, call.number, foreign.number)}
        assert [(case.state, case.owner_user) for case in found.values()] == [
            (CaseState.ASSIGNED, None),
            (CaseState.NEW, None),
            (CaseState.ASSIGNED, "anna"),
        ]
        assert [(c.kind, c.due_at) for n in (first, call.number) for c in desk.clocks(n)] == running
        for number in (first, call.number):
            assert desk.history(number)[-1] == ("system", "given_back")
            assert len(desk.given(number, "recused")) == 1
        assert desk.tick() == 0
        assert desk.tickets.case(about).accused == ("anna",)

    def test_what_turns_out_to_be_his_later(self, desk: Desk, anna: Officer, conversation: str) -> None:
        call = callback(desk, conversation, anna)
        about = desk.complain(desk.conversation(), ABOUT_HER)
        assert desk.tick() == 0
        bind(desk, conversation, "1")
        bind(desk, desk.tickets.case(about).conversation_id, "1")
        assert desk.tick() == 1
        assert desk.tickets.case(call.number).owner_user is None

    def test_a_subtask_to_the_owner(self, desk: Desk, anna: Officer, bert: Officer, conversation: str) -> None:
        first = desk.complain(conversation)
        desk.act(first, "take", bert)
        values = {"department": "信用卡部", "text": "查录音", "due_at": at("2026-12-01T10:00"), "to": "anna"}
        desk.act(first, "subtask", bert, **values)
        desk.complain(desk.conversation(former_id=conversation), ABOUT_HER)
        with pytest.raises(NotFound):
            desk.act(first, "note", anna, text="看过")
        with pytest.raises(Conflict) as refused:
            desk.act(first, "subtask", bert, **values)
        assert refused.value.phrase == "problem_case_recused"
        desk.tick()
        (task,) = desk.tasks(first, "subtask")
        assert (task.person, task.due_at, desk.tickets.case(first).owner_user) == ("bert", values["due_at"], "bert")
        assert desk.history(first)[-1] == ("system", "given_back")

    def test_what_is_over_keeps_who_did_it(self, desk: Desk, anna: Officer, conversation: str) -> None:
        call = callback(desk, conversation, anna)
        desk.act(call.number, "done", anna, note="已回电")
        desk.complain(conversation, ABOUT_HER)
        assert desk.tick() == 0
        assert desk.tickets.case(call.number).owner_user == "anna"

    def test_who_enters_one_of_that_customers_does_not_own_it(
        self, desk: Desk, anna: Officer, conversation: str
    ) -> None:
        desk.complain(conversation, ABOUT_HER)
        entry = Entry("信用卡年费扣错了三百元", "phone", contact=PHONE)
        opened = desk.entering.enter(entry, "key-0001", anna)
        assert (opened.joined, opened.case.owner_user) == (False, None)
        assert opened.case.conversation_id in kept(desk)

    def test_nor_does_what_she_enters_become_part_of_the_case_about_her(
        self, desk: Desk, anna: Officer, bert: Officer, conversation: str
    ) -> None:
        about = desk.complain(conversation, ABOUT_HER)
        before = desk.tickets.case(about)
        opened = desk.entering.enter(Entry(ABOUT_HER, "phone", contact=PHONE), "key-0001", anna)
        assert (opened.joined, opened.case.repeat_of, opened.case.accused) == (False, about, ("anna",))
        assert desk.tickets.case(about) == before
        assert desk.entering.enter(Entry(ABOUT_HER, "mail", contact=PHONE), "key-0002", bert).joined


class TestWarningsOfAPromise:
    def test_are_not_for_her_and_reach_who_has_the_role(
        self, desk: Desk, anna: Officer, bert: Officer, conversation: str
    ) -> None:
        due_at = desk.clock.now() + timedelta(hours=4)
        with desk.db.transaction() as tx:
            desk.casework.aftercare.promise(
                tx, anna, desk.clock.now(), "四点前给您回电", due_at, key="1", conversation_id=conversation
            )
        desk.clock.advance(4 * 3600 + 1)
        desk.tick()
        assert [len(desk.alerts(anna, kind)) for kind in ("warning", "breach")] == [1, 1]  # head and supervisor
        desk.complain(conversation, ABOUT_HER)
        assert [len(desk.alerts(anna, kind)) for kind in ("warning", "breach")] == [0, 0]
        desk.tick()
        assert "四点前给您回电" in "".join(desk.alerts(desk.officer("sofia", "supervisor"), "recused"))
        assert desk.alerts(anna, "recused") == []

    def test_what_was_for_her_alone_is_for_others_now(
        self, desk: Desk, anna: Officer, bert: Officer, conversation: str
    ) -> None:
        other = desk.conversation()
        with desk.db.transaction() as tx:
            for key, about in (("a", conversation), ("b", other)):
                given = alerts.Alert(key, "warning", "owner", f"提醒{key}", person="anna", conversation_id=about)
                alerts.give(tx, given, desk.clock.now())
            desk.casework.aftercare.promise(
                tx, anna, desk.clock.now(), "回电", at("2026-12-01T10:00"), key="1", conversation_id=conversation
            )
        desk.complain(conversation, ABOUT_HER)
        desk.tick()
        assert (desk.alerts(bert, "warning"), desk.alerts(anna, "warning")) == (["提醒a"], ["提醒b"])
