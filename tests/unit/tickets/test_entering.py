"""Complaints that an officer or another system enters: checked, masked, once (000-80, 000-66, L1a)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from tickets_support import MONDAY, PHONE, STORY, Desk

from bot.errors import InvalidInput, KeyReused
from bot.tickets.entering import Entry
from bot.tickets.model import Fields, Severity
from bot.tickets.tables import cases

NAME = "欧阳震华"
OTHER = "司马相如"
ENTRY = Entry(
    f"客户{NAME}来电：{STORY}，联系{PHONE}",
    "phone",
    name=NAME,
    contact=PHONE,
    fields=Fields(
        request=f"{NAME}要求道歉", basis=f"短信发到{PHONE}", on_behalf=f"代{OTHER}投诉", representatives=(OTHER,),
        prefers=f"打{PHONE}找{NAME}", amount="300元", branch="城南支行",
    ),
)  # fmt: skip


def enters(desk: Desk, entry: Entry = ENTRY, key: str = "key-0001") -> str:
    return desk.entering.enter(entry, key, desk.officer("bert", "complaints")).case.number


class TestWhatIsKept:
    def test_his_who_was_asked_first(self, desk: Desk) -> None:
        case = desk.tickets.case(enters(desk))
        assert (case.channel, case.owner_user, case.group) == ("phone", "bert", True)
        assert case.fields.branch == "城南支行"

    def test_names_and_numbers_stand_in_the_clear_nowhere_in_the_database(self, desk: Desk) -> None:
        number = enters(desk)
        desk.act(number, "take", desk.officer("bert", "complaints"))
        assert desk.anywhere(PHONE, NAME, OTHER) == []
        told = desk.casework.reveal_contact(desk.officer("bert", "complaints"), number)
        assert told == f"{NAME} {PHONE} {OTHER}"  # the representative's name is kept for who works on it

    def test_the_customer_gets_his_receipt_by_sms(self, desk: Desk) -> None:
        enters(desk)
        assert desk.sent() == [("sms", "complaint_opened")]

    def test_received_before_it_was_entered_its_clocks_run_since_then(self, desk: Desk) -> None:
        number = enters(desk, replace(ENTRY, channel="letter", received_at=MONDAY - timedelta(days=3)))
        assert desk.tickets.case(number).due_at == desk.clock_of(number, "resolution").due_at
        assert desk.clock_of(number, "cap").starts_at == MONDAY - timedelta(days=3)
        assert desk.clock_of(number, "receipt").breached_at is not None

    def test_an_officer_may_find_it_graver_but_not_less(self, desk: Desk) -> None:
        graver = enters(desk, replace(ENTRY, severity="重大"))
        assert desk.tickets.case(graver).severity is Severity.MAJOR
        urgent = replace(ENTRY, facts="我的卡被盗刷了", severity="一般", contact="13911112222")
        assert desk.tickets.case(enters(desk, urgent, "key-0002")).severity is Severity.URGENT


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"facts": " \n"}, "facts"),
            ({"channel": "web"}, "channel"),
            ({"channel": ""}, "channel"),
            ({"contact": "王先生"}, "contact"),
            ({"severity": "超级"}, "severity"),
            ({"received_at": MONDAY + timedelta(seconds=1)}, "received_at"),
            ({"received_at": MONDAY - timedelta(days=366)}, "received_at"),
            ({"fields": Fields(representatives=tuple("甲乙丙丁戊己"))}, "representatives"),
        ],
    )
    def test_names_the_field_and_opens_nothing(self, desk: Desk, change: dict, field: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            enters(desk, replace(ENTRY, **change))
        assert refused.value.extra["field"] == field
        assert desk.count(cases) == 0

    def test_five_representatives_are_taken(self, desk: Desk) -> None:
        enters(desk, replace(ENTRY, fields=Fields(representatives=tuple("甲乙丙丁戊"))))


class TestOnce:
    def test_the_same_key_gives_the_same_case(self, desk: Desk) -> None:
        assert enters(desk) == enters(desk)
        assert desk.count(cases) == 1

    def test_with_other_words_it_is_refused(self, desk: Desk) -> None:
        enters(desk)
        with pytest.raises(KeyReused):
            enters(desk, replace(ENTRY, facts="别的事"))

    def test_at_the_same_moment_too(self, desk: Desk) -> None:
        bert = desk.officer("bert", "complaints")
        with ThreadPoolExecutor(4) as pool:
            opened = list(pool.map(lambda _: desk.entering.enter(ENTRY, "key-0001", bert), range(4)))
        assert len({one.case.number for one in opened}) == 1
        assert desk.count(cases) == 1
        assert desk.sent() == [("sms", "complaint_opened")]

    def test_another_ones_key_is_another_key(self, desk: Desk) -> None:
        enters(desk)
        other = desk.entering.enter(replace(ENTRY, contact="13911112222"), "key-0001", "core-bank")
        assert (other.case.channel, other.case.owner_user) == ("api", None)


def test_prefilled_from_the_chat_without_personal_data(desk: Desk, conversation: str) -> None:
    with desk.db.transaction() as tx:
        found = desk.entering.prefilled(tx, conversation)
    assert found["channel"] == "web"
    assert PHONE not in str(found)
