"""Whether a complaint repeats a former one is proposed by words and classes, and decided by a person (000-68)."""

from __future__ import annotations

import pytest
from tickets_support import PHONE, Desk

from bot.errors import InvalidInput, NotFound

FIRST = "在城南支行办业务，柜员让我等了两个小时"
RETOLD = "客户反映网点效率太低，半天没人理，耽误他接孩子"  # the same matter, no word of it in common
OTHER = "信用卡年费说好免的，今天又扣钱了"


def opened(desk: Desk, story: str) -> str:
    return desk.complain(desk.conversation(), story, phone=PHONE)


class TestWhatAPersonDecides:
    def test_links_it_to_the_former_one_with_the_reason(self, desk: Desk) -> None:
        first, again = opened(desk, FIRST), opened(desk, RETOLD)
        assert not desk.tickets.case(again).repeat
        assert desk.act(again, "repeat", of=first, reason="同一天同一网点，听录音确认").repeat_of == first
        event = desk.tickets.history(again)[-1]
        assert (event.action, event.detail["of"], event.detail["before"]) == ("repeat", first, None)

    def test_and_unlinks_what_the_words_only_resembled(self, desk: Desk) -> None:
        first = opened(desk, FIRST)
        again = opened(desk, f"{FIRST}，这是另一次")
        assert desk.tickets.case(again).repeat_of == first
        assert desk.act(again, "repeat", of="", reason="不是同一天的事").repeat_of is None

    def test_only_to_a_complaint_of_the_same_customer(self, desk: Desk) -> None:
        strangers = desk.complain(desk.conversation(), FIRST, phone="13900139000")
        own = opened(desk, RETOLD)
        with pytest.raises(InvalidInput):
            desk.act(own, "repeat", of=strangers, reason="像")
        with pytest.raises(InvalidInput):
            desk.act(own, "repeat", of=own, reason="它自己")

    def test_but_nobody_whom_the_former_one_is_about(self, desk: Desk) -> None:
        first, again = opened(desk, FIRST), opened(desk, RETOLD)
        boss = desk.officer("boss", "supervisor")
        desk.act(first, "accused", usernames=["boss"], reason="客户点名")
        with pytest.raises(NotFound):
            desk.act(again, "repeat", boss, of=first, reason="像")

    def test_makes_it_be_about_whom_the_former_one_is_about(self, desk: Desk) -> None:
        first, again = opened(desk, FIRST), opened(desk, RETOLD)
        desk.officer("mei")
        desk.act(first, "accused", usernames=["mei"], reason="客户点名")
        assert desk.act(again, "repeat", of=first, reason="同一件事").accused == ("mei",)


class TestTheCustomersFormerComplaints:
    def test_are_his_by_contact_newest_first_and_never_later_ones(self, desk: Desk) -> None:
        first = opened(desk, FIRST)
        desk.clock.advance(3600)
        second = opened(desk, OTHER)
        desk.clock.advance(3600)
        third = opened(desk, RETOLD)
        assert self.earlier(desk, third) == [second, first]
        assert self.earlier(desk, first) == []

    def earlier(self, desk: Desk, number: str) -> list[str]:
        case = desk.tickets.case(number)
        with desk.db.transaction() as tx:
            return [one.number for one in desk.tickets.opening.earlier(tx, case, "super")]
