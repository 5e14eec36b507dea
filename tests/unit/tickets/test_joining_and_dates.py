"""What a review found: whose case it is, what an entry keeps, and dates that become known. On both databases."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from tickets_support import MONDAY, PHONE, STORY, Desk, lines

from bot.clock import BEIJING
from bot.conversation import store as log
from bot.conversation.model import Actor, Conversation
from bot.db import Tx
from bot.knowledge import Knowledge
from bot.tickets import deadlines
from bot.tickets.entering import Entry
from bot.tickets.model import Fields, Severity
from bot.tickets.tables import alerts

CARD_FEE, IN_OTHER_WORDS = "信用卡年费说好免的，今天又扣钱了，要求退回来", "贵行乱扣账单手续费，真是没完没了，请退款"
ANNA = ("anna", "supervisor")


def by_phone(desk: Desk, **entry: object) -> str:
    """An officer enters a complaint that came by telephone; gives its number."""
    given = {"facts": STORY, "channel": "phone", "contact": PHONE, **entry}
    opened = desk.entering.enter(Entry(**given), secrets.token_hex(8), desk.officer(*ANNA))
    return opened.case.number


def said(tx: Tx, conversation: Conversation) -> None:
    log.append(tx, conversation, kind="message", actor=Actor("customer"), payload={"text": "x"}, at=MONDAY)


class TestSomebodyElsesNumber:
    def test_tells_an_outsider_nothing_of_the_case_and_gives_him_no_power_over_it(self, desk: Desk) -> None:
        """All he needs is a telephone number and a vague story."""
        victims = by_phone(desk)
        outsider = desk.conversation()
        acts = desk.complain_again(outsider, phone=PHONE)
        assert lines(acts)[0] == "complaint_joined_elsewhere"
        assert victims not in str(acts)
        assert lines(desk.status(outsider, "我的投诉到哪了")) == ["complaint_status_none"]
        assert lines(desk.status(outsider, "撤回投诉", "withdraw")) == ["case_nothing_to_do"]
        assert not desk.tickets.case(victims).ended

    def test_on_the_same_channel_names_no_former_case(self, desk: Desk, conversation: str) -> None:
        first = desk.complain(conversation)
        acts = desk.complain_again(desk.conversation(), phone=PHONE)
        assert lines(acts) == ["complaint_opened", "complaint_repeat_known"]
        assert first not in str(acts)

    def test_what_was_told_is_in_the_case_all_the_same(self, desk: Desk) -> None:
        number = by_phone(desk)
        desk.complain_again(desk.conversation(), phone=PHONE)
        assert desk.tickets.history(number)[-1].action in ("joined", "told")
        assert "joined" in [event.action for event in desk.tickets.history(number)]


class TestAnEntry:
    def test_from_a_chat_with_a_name_only_keeps_the_number_that_the_chat_knows(self, desk: Desk) -> None:
        chat = desk.conversation()
        seq, _ = desk.hear(chat, f"打我{PHONE}")
        with desk.db.transaction() as tx:
            known = log.get(tx, chat)
            log.append(
                tx,
                replace(known, last_seq=seq),
                kind="message",
                actor=Actor("customer"),
                payload={"text": "x"},
                at=MONDAY,
            )
        officer = desk.officer(*ANNA)
        case = desk.entering.enter(Entry(STORY, conversation_id=chat, name="王小明"), "a-key-of-anna", officer).case
        assert case.contact is not None
        assert (case.contact.token, case.contact.name_token) == ("〔手机·尾号8000〕", "〔姓名·王*〕")

    def test_keeps_the_names_of_representatives_for_who_works_on_it(self, desk: Desk) -> None:
        fields = Fields(representatives=("李大为", "赵小红"), on_behalf="替我妈张秀英，她的电话13900139000")
        number = by_phone(desk, fields=fields)
        case = desk.tickets.case(number)
        assert case.fields.representatives == ("〔姓名·李*〕", "〔姓名·赵*〕")
        told = desk.casework.reveal_contact(desk.officer(*ANNA), number) or ""
        assert all(value in told for value in (PHONE, "李大为", "赵小红", "13900139000"))

    def test_from_the_chat_in_which_the_customer_has_opened_it_is_no_second_case(
        self, desk: Desk, conversation: str
    ) -> None:
        number = desk.complain(conversation)
        with desk.db.transaction() as tx:  # what the form wrote into the log
            for _ in range(8):
                log.append(
                    tx, log.get(tx, conversation), kind="message", actor=Actor("bot"), payload={"text": "x"}, at=MONDAY
                )
        opened = desk.entering.enter(Entry(STORY, conversation_id=conversation), "a-key-of-anna", desk.officer(*ANNA))
        assert (opened.case.number, opened.joined) == (number, True)


class TestJoining:
    def test_fills_what_was_empty_and_takes_the_earlier_date_with_its_cap(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        earlier = MONDAY - timedelta(days=5)
        assert by_phone(desk, received_at=earlier, fields=Fields(request="道歉", branch="城南支行")) == number
        case = desk.tickets.case(number)
        assert (case.fields.request, case.fields.branch, case.since) == ("道歉", "城南支行", earlier)
        assert desk.clock_of(number, "cap").due_at == datetime(2026, 12, 3, 23, 59, 59, tzinfo=BEIJING)
        assert case.due_at < datetime(2026, 12, 2, tzinfo=BEIJING)

    def test_graver_it_goes_to_the_queue_of_its_severity_and_a_supervisor_knows(
        self, desk: Desk, conversation: str
    ) -> None:
        number = desk.complain(conversation)
        assert by_phone(desk, facts=f"{STORY}，后来卡被盗刷") == number
        case = desk.tickets.case(number)
        assert (case.severity, case.owner_queue) == (Severity.URGENT, "值班组")
        with desk.db.transaction() as tx:
            kinds = tx.execute(sa.select(alerts.c.kind).where(alerts.c.number == number)).scalars().all()
        assert "graver" in kinds


class TestProvisionalDates:
    def test_are_set_right_when_the_calendar_knows_the_year_and_only_earlier(
        self, desk: Desk, conversation: str
    ) -> None:
        desk.clock.set(datetime(2026, 12, 28, 10, tzinfo=BEIJING))
        number = desk.complain(conversation)
        before = desk.tickets.case(number)
        assert before.provisional
        assert desk.casework.watching.provisional.look(desk.clock.now()) == 0
        desk.house.reloads.current.exchange(with_2027(desk.house.reloads.current.now()))
        assert desk.casework.watching.provisional.look(desk.clock.now()) == 1
        after = desk.tickets.case(number)
        assert not after.provisional
        assert after.due_at == datetime(2027, 1, 7, 17, 30, tzinfo=BEIJING) < before.due_at
        assert desk.casework.watching.provisional.look(desk.clock.now()) == 0
        assert desk.history(number)[-1] == ("system", "dated")


class TestExtension:
    def test_of_a_cap_that_was_missed_is_watched_again(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        desk.clock.set(datetime(2026, 12, 9, 10, tzinfo=BEIJING))
        desk.casework.tick()
        assert desk.clock_of(number, "cap").breached_at is not None
        desk.act(number, "extend", days=30, reason="要等外部机构的材料")
        with desk.db.transaction() as tx:
            cap = deadlines.last_of(deadlines.running(tx, number, "cap"), "cap")
        assert cap is not None and cap.next_at is not None and cap.breached_at is not None


def with_2027(knowledge: Knowledge) -> Knowledge:
    """Only calendar.yml has changed: somebody has added the year."""
    year = {"holidays": (*knowledge.calendar.holidays, date(2027, 1, 1)), "complete_years": (2027,)}
    return replace(knowledge, digest="with 2027", calendar=knowledge.calendar.copy(update=year))


class TestTheSameKindInOtherWords:
    def test_is_a_repetition_of_the_same_customer(self, desk: Desk, conversation: str) -> None:
        first = desk.complain(conversation, CARD_FEE)
        again = desk.complain_again(desk.conversation(former_id=conversation), IN_OTHER_WORDS)
        (number,) = [act.values["number"] for act in again if getattr(act, "phrase", "") == "complaint_opened"]
        assert desk.tickets.case(number).repeat_of == first

    def test_of_another_kind_or_of_no_kind_at_all_it_is_not(self, desk: Desk, conversation: str) -> None:
        desk.complain(conversation, CARD_FEE)
        for story in ("保安在门口吼我，态度恶劣，要求道歉", "有件不愉快的事想跟领导说说，请给个说法"):
            acts = desk.complain_again(desk.conversation(former_id=conversation), story)
            assert "complaint_repeat" not in lines(acts)

    def test_by_another_channel_it_is_linked_and_not_merged(self, desk: Desk, conversation: str) -> None:
        first = desk.complain(conversation, CARD_FEE)
        number = by_phone(desk, facts=IN_OTHER_WORDS)
        assert number != first
        assert desk.tickets.case(number).repeat_of == first
