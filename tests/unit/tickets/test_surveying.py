"""The survey when a case has ended where no chat is open: a link, the same rows, never twice, and provable."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from survey_support import (
    BY_PHONE,
    PAGE,
    answers,
    closed,
    events,
    link_of,
    page,
    rows,
    texts,
    to_the_words,
    token,
    visited,
)
from tickets_support import PHONE, Desk

from bot.clock import FrozenClock
from bot.conversation import store as log
from bot.conversation.survey.figures import score
from bot.desk.staff import Agent
from bot.errors import Conflict, NotFound
from bot.evidence.gather import gather
from bot.knowledge import Knowledge
from bot.notices.model import Delivery, Fate, Recipient
from bot.tickets.surveying import TEMPLATE

SETTINGS = {"QIANTAI_PUBLIC_URL": PAGE}


@pytest.fixture
def number(desk: Desk) -> str:
    return closed(desk)


class TestIsAsked:
    def test_by_a_link_that_names_no_case_and_is_sent_once(self, desk: Desk, number: str) -> None:
        assert desk.sent().count(("sms", TEMPLATE)) == 1
        assert number not in token(desk) and PHONE not in texts(desk)[0]
        assert events(desk, number, "survey_sent") == [{"way": "sms", "refs": f"{link_of(desk)}:1"}]
        assert ("system", "not_surveyed") not in desk.history(number)
        assert list(rows(desk, number)) == ["grade"] and rows(desk, number)["grade"].open

    def test_after_a_chat_that_is_over_too(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        desk.resolved(number)
        desk.ends(conversation)
        desk.act(number, "close")
        assert ("sms", TEMPLATE) in desk.sent()
        assert rows(desk, number)["grade"].conversation_id == link_of(desk) != conversation

    def test_in_the_chat_and_by_no_link_while_it_is_open(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        desk.resolved(number)
        desk.act(number, "close")
        assert texts(desk) == []
        assert rows(desk, number)["grade"].conversation_id == conversation

    def test_by_mail_where_that_is_the_way(self, desk: Desk) -> None:
        closed(desk, replace(BY_PHONE, contact="li@example.com"))
        assert ("mail", TEMPLATE) in desk.sent()

    def test_by_his_account_where_that_is_all_we_know(self, desk: Desk) -> None:
        desk.casework.telling.reach = lambda tx, conversation: Recipient("wechat", "openid")
        closed(desk, replace(BY_PHONE, contact=""))
        assert ("wechat", TEMPLATE) in desk.sent()

    def test_by_a_link_too_where_the_chat_is_busy_with_something_else(self, desk: Desk, conversation: str) -> None:
        number = desk.complain(conversation)
        desk.resolved(number)
        with desk.db.transaction() as tx:
            log.save(tx, replace(log.get(tx, conversation), flow="complaint:facts"))
        desk.act(number, "close")
        assert len(texts(desk)) == 1
        assert rows(desk, number)["grade"].conversation_id == link_of(desk)

    @pytest.mark.parametrize("act", ["withdraw", "done"])
    def test_not_about_what_was_taken_back_nor_about_a_call(self, desk: Desk, conversation: str, act: str) -> None:
        number = desk.complain(conversation)
        if act == "done":
            with desk.db.transaction() as tx:
                number = desk.tickets.open_callback(tx, conversation, 9, "asked", desk.clock.now()).number
        desk.ends(conversation)
        desk.act(number, act, **({"reason": "解决了"} if act == "withdraw" else {"note": "已回电"}))
        assert texts(desk) == [] and rows(desk, number) == {}

    def test_not_where_there_is_no_way_to_him_and_nobody_must_tell_him_of_a_link(self, desk: Desk) -> None:
        number = closed(desk, replace(BY_PHONE, contact=""))
        assert texts(desk) == [] and rows(desk, number) == {}
        assert ("system", "not_surveyed") in desk.history(number)
        assert [task.detail["what"] for task in desk.tasks(number, "tell")] == ["case_closed"]

    def test_not_by_a_link_that_the_guard_would_refuse(self, desk: Desk) -> None:
        desk.casework.surveying.links._public_url = "https://bank.example.evil.test"
        number = closed(desk)
        assert texts(desk) == [] and ("system", "not_surveyed") in desk.history(number)

    def test_not_without_an_address_or_without_a_gateway(
        self, tmp_path: Path, database_url: str, knowledge: Knowledge, clock: FrozenClock
    ) -> None:
        desk = Desk(tmp_path, database_url, knowledge, clock)
        number = closed(desk)
        assert texts(desk) == [] and ("system", "not_surveyed") in desk.history(number)
        desk.db.dispose()

    def test_never_again_after_an_appeal(self, desk: Desk, number: str) -> None:
        answers(desk, "grade", "rate_3")
        desk.act(number, "appeal", reason="还是不对")
        desk.act(number, "take")
        for act, values in (
            ("investigate", {}),
            ("propose", {"text": "向您道歉"}),
            ("agreed", {"agreed": True}),
            ("resolve", {"basics": "属实", "handling": "已道歉", "reasons": "记录属实"}),
            ("close", {}),
        ):
            desk.act(number, act, **values)
        assert len(texts(desk)) == 1
        assert rows(desk, number)["grade"].answer == "rate_3"

    def test_a_notice_that_the_gateway_gives_up_leaves_it_to_the_visit(self, desk: Desk, number: str) -> None:
        desk.house.notices._port = Refusing()
        desk.house.notices.tick()
        assert {"what": TEMPLATE} in events(desk, number, "notice_failed")
        assert ("system", "not_surveyed") in desk.history(number)
        assert TEMPLATE not in [task.detail.get("what") for task in desk.tasks(number, "tell")]


class Refusing:
    def deliver(self, notice: object) -> Delivery:
        return Delivery(Fate.REFUSED, "HTTP 400")


class TestNeverTwice:
    def test_what_the_visit_heard_is_not_asked_again(self, desk: Desk, number: str) -> None:
        visited(desk, number)
        assert rows(desk, number)["grade"].points == 60
        assert page(desk)["question"] is None
        answers(desk, "grade", "rate_1")
        assert rows(desk, number)["grade"].points == 60

    def test_what_was_answered_by_the_link_stands_whatever_the_visit_hears(self, desk: Desk, number: str) -> None:
        answers(desk, "grade", "rate_3")
        visited(desk, number)
        with desk.db.transaction() as tx:
            found = score(tx, desk.clock.now().date(), desk.house.knowledge.survey)
        assert (found.points.count, found.average, found.asked) == (1, 100, 1)
        assert found.by_channel["link"].count == 1 and found.by_subject["case"].count == 1

    def test_two_offices_that_end_it_at_once_send_one_link(
        self, desk: Desk, tmp_path: Path, database_url: str, knowledge: Knowledge, clock: FrozenClock
    ) -> None:
        other = Desk(tmp_path, database_url, knowledge, clock, QIANTAI_PUBLIC_URL=PAGE)
        boss = desk.officer("super", "supervisor", "head")
        number = desk.entering.enter(BY_PHONE, "key-0001", boss).case.number
        desk.resolved(number)

        def close(office: Desk) -> str:
            try:
                return office.casework.act(boss, number, "close", None, {}).state.value
            except Conflict:
                return "late"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(close, (desk, other))) == ["CLOSED", "late"]
        assert len(texts(desk)) == 1 and len(rows(desk, number)) == 1
        other.db.dispose()

    def test_pressed_many_times_at_once_it_counts_once(self, desk: Desk, number: str) -> None:
        link, others = token(desk), ["rate_3", "rate_1", "rate_2", "rate_3"]
        with ThreadPoolExecutor(len(others)) as pool:
            shown = list(pool.map(lambda choice: desk.casework.surveying.answer(link, "grade", choice, None), others))
        assert {one["question"]["id"] for one in shown} == {"solved"}
        assert len(rows(desk, number)) == 2
        id_ = link_of(desk)
        with desk.db.transaction() as tx:
            said = [event.kind for event in log.read(tx, id_)]
        assert said == ["survey", "message", "survey"]


class TestIsProvable:
    def test_what_was_asked_and_answered_stands_in_a_chain(self, desk: Desk, number: str) -> None:
        to_the_words(desk, "rate_1")
        answers(desk, "words", text=f"我的手机{PHONE}，密码是123456")
        id_, told = link_of(desk), events(desk, number, "survey_answered")
        with desk.db.transaction() as tx:
            assert log.broken_at(tx, id_) is None
            for one in told:
                report = gather(tx, one["refs"])
                assert report["message"]["text"] == one["answer"] and report["chain"]["holds"]
                assert report["message"]["by"]["kind"] == "customer"
            asked = gather(tx, f"{id_}:1")
            assert (asked["message"]["text"], asked["phrases"][0]["id"]) == ("请问这次服务您满意吗？", "grade")
        assert [(one["about"], one["answer"]) for one in told][:2] == [("总体满意度", "不满意"), ("问题解决", "是")]

    def test_nothing_personal_stands_in_the_clear(self, desk: Desk, number: str) -> None:
        to_the_words(desk)
        shown = answers(desk, "words", text=f"请打{PHONE}，密码是123456，怎么还不退款？")
        assert desk.anywhere(PHONE, "123456") == []
        assert "〔手机·尾号8000〕" in (rows(desk, number)["words"].text or "")
        assert len(shown["said"]) == 2  # a password is never kept, and he is told so here too


def test_whom_a_case_is_about_reads_nothing_of_its_survey(desk: Desk, number: str) -> None:
    desk.officer("other", "supervisor")
    desk.act(number, "accused", usernames=["other"], reason="被投诉人")
    id_, other = link_of(desk), Agent("other", "小前other", ("supervisor",), 3, "ready", None, None)
    with desk.db.transaction() as tx, pytest.raises(NotFound):
        desk.house.desk.readable(tx, other, id_)
