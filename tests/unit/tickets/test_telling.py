"""How the customer hears of his case: in the open chat, else by the port of notices, else by a person (001-18)."""

from __future__ import annotations

import json

import pytest
from tickets_support import PHONE, RESULT, Desk

from bot.notices.model import Delivery, Fate
from bot.tickets import deadlines

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NODES = ["case_accepted", "case_assigned", "case_investigating"]  # 受理, 转办, 处理中


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    return desk.complain(conversation)


@pytest.fixture
def unreachable(desk: Desk) -> str:
    """No number was left, and the chat is over."""
    conversation = desk.conversation()
    number = desk.complain_again(conversation, phone="不想留")[0].values["number"]
    desk.ends(conversation)
    return number


def to_the_result(desk: Desk, number: str) -> None:
    for act in ("take", "investigate"):
        desk.act(number, act)
    desk.act(number, "propose", text="向您道歉")
    desk.act(number, "resolve", **RESULT)


def test_in_the_open_chat_every_node_is_a_notice_there(desk: Desk, number: str, conversation: str) -> None:
    to_the_result(desk, number)
    read = desk.read(conversation)
    assert [line for line in read if line.startswith("case_")] == NODES
    assert "已办结，结果如下" in read[-1]
    assert desk.sent() == []


def test_after_the_chat_by_sms_in_the_same_order(desk: Desk, number: str, conversation: str) -> None:
    desk.ends(conversation)
    to_the_result(desk, number)
    assert sorted(desk.sent()) == sorted(("sms", what) for what in (*NODES, "case_proposal", "case_result"))
    assert not [line for line in desk.read(conversation) if line.startswith("case_")]


def test_by_mail_where_a_mail_address_was_left(desk: Desk, conversation: str) -> None:
    number = desk.complain(conversation, phone="li@example.com")
    desk.ends(conversation)
    desk.act(number, "accept")
    assert desk.sent() == [("mail", "case_accepted")]


def test_in_development_it_stands_in_a_file(desk: Desk, number: str, conversation: str) -> None:
    desk.ends(conversation)
    desk.act(number, "accept")
    desk.house.notices.tick()
    (line,) = (desk.house.settings.home / "notices" / "notices.jsonl").read_text("utf-8").splitlines()
    sent = json.loads(line)
    assert (sent["to"], sent["template"]) == (PHONE, "case_accepted")
    assert number in sent["text"]


def test_where_no_way_is_left_a_person_has_the_task_with_the_words(desk: Desk, unreachable: str) -> None:
    desk.act(unreachable, "accept", desk.officer("anna", "complaints"))
    (task,) = desk.tasks(unreachable, "tell")
    assert (task.person, task.detail["what"]) == ("anna", "case_accepted")
    assert unreachable in task.text


def test_the_result_is_not_known_before_that_person_has_told_it(desk: Desk, unreachable: str) -> None:
    to_the_result(desk, unreachable)
    assert desk.clock_of(unreachable, "result_notice").open
    assert desk.clock_of(unreachable, "cap").open


def test_done_on_the_list_of_tasks_it_is_known_too(desk: Desk, unreachable: str) -> None:
    """Who has called the customer need not say so twice."""
    to_the_result(desk, unreachable)
    anna = desk.officer("super", "supervisor", "head")
    for task in desk.tasks(unreachable, "tell"):
        with desk.db.transaction() as tx:
            desk.casework.aftercare.done(tx, task, anna, desk.clock.now(), "电话告知")
    assert desk.clock_of(unreachable, "result_notice").state == deadlines.DONE
    assert desk.clock_of(unreachable, "cap").state == deadlines.DONE


def test_what_the_gateway_gives_up_comes_to_a_person(
    desk: Desk, number: str, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ends(conversation)
    desk.act(number, "accept", desk.officer("anna", "complaints"))
    monkeypatch.setattr(desk.house.notices._port, "deliver", lambda _: Delivery(Fate.REFUSED, "HTTP 400"))
    desk.house.notices.tick()
    (task,) = desk.tasks(number, "tell")
    assert (task.person, task.detail["what"]) == ("anna", "case_accepted")
    assert ("system", "notice_failed") in desk.history(number)


def test_an_apology_after_the_chat_goes_the_same_way(desk: Desk, number: str, conversation: str) -> None:
    desk.act(number, "take")
    desk.ends(conversation)
    desk.tick("2026-11-26T10:00")
    assert ("sms", "case_late") in desk.sent()


def test_waiting_is_told_with_what_is_waited_for(desk: Desk, number: str, conversation: str) -> None:
    desk.act(number, "take")
    desk.act(number, "pause", reason="请补一张小票的照片")
    assert "请补一张小票的照片" in desk.read(conversation)[-1]


def test_no_phone_stands_in_the_table_of_notices(desk: Desk, number: str, conversation: str) -> None:
    desk.ends(conversation)
    desk.act(number, "accept")
    assert not desk.anywhere(PHONE)
