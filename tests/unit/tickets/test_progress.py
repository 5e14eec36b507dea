"""A customer who hears nothing is told how his case stands, as often as the profile says (003-13). On both stores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tickets_support import RESULT, Desk, at, filed

from bot.calendar import WorkCalendar
from bot.clock import BEIJING, FrozenClock
from bot.knowledge import Knowledge
from bot.tickets import deadlines
from bot.tickets.clocks import progress
from bot.tickets.listing import Filter, search
from bot.tickets.model import Case, Severity

EVERY: dict[str, dict[str, int]] = {
    "一般": {"progress_notice_wd": 3},
    "重要": {"progress_notice_wd": 2},
    "重大": {},
    "紧急": {"progress_notice_h": 8},
}


@pytest.fixture(scope="module")
def informing(knowledge: Knowledge) -> Knowledge:
    slas = tuple(sla.copy(update=EVERY[sla.severity]) for sla in knowledge.complaints.slas)
    return replace(knowledge, complaints=knowledge.complaints.copy(update={"slas": slas}))


@pytest.fixture
def desk(tmp_path: Path, database_url: str, informing: Knowledge, clock: FrozenClock) -> Iterator[Desk]:
    desk = Desk(tmp_path, database_url, informing, clock)
    yield desk
    desk.db.dispose()


def said(desk: Desk, conversation: str) -> list[str]:
    return [one for one in desk.read(conversation) if one.startswith("case_progress")]


def answered(desk: Desk) -> Case:
    """The first response is given at once: nothing is late before the resolution."""
    case = filed(desk, "2026-11-23T10:00")
    desk.act(case.number, "take")
    return desk.act(case.number, "respond", analysis="正在核实当天的排队记录")


def test_he_is_told_again_and_again_until_it_is_settled(desk: Desk) -> None:
    case = answered(desk)
    for moment, times in (
        ("2026-11-26T17:29", 0),
        ("2026-11-26T17:30", 1),
        ("2026-12-01T17:29", 1),
        ("2026-12-01T17:30", 2),
    ):
        desk.tick(moment)
        desk.tick(moment)  # also another worker finds nothing to do
        assert said(desk, case.conversation_id) == ["case_progress"] * times, moment
    desk.at("2026-12-02T09:00")
    desk.act(case.number, "investigate")
    desk.act(case.number, "propose", text="向您道歉")
    desk.act(case.number, "resolve", **RESULT)
    assert desk.clock_of(case.number, "progress").state == deadlines.VOID
    desk.tick("2026-12-11T17:30")
    assert said(desk, case.conversation_id) == ["case_progress"] * 2


def test_says_where_it_stands_who_has_it_and_until_when(desk: Desk) -> None:
    conversation = desk.conversation()
    number = desk.complain_again(conversation, phone="不想留")[0].values["number"]
    desk.ends(conversation)  # no number was left, and the chat is over: a person tells him
    desk.tick("2026-11-26T17:30")
    text = next(task.text for task in desk.tasks(number, "tell") if task.detail["what"] == "case_progress")
    for part in (number, "已登记，等待受理", "组员", "2026年12月2日 17:30"):
        assert part in text


def test_who_is_told_by_a_person_has_one_of_them_waiting(desk: Desk) -> None:
    conversation = desk.conversation()
    number = desk.complain_again(conversation, phone="不想留")[0].values["number"]
    desk.ends(conversation)
    for moment in ("2026-11-26T17:30", "2026-12-01T17:30"):
        desk.tick(moment)
        waits = [task for task in desk.tasks(number, "tell") if task.detail["what"] == "case_progress"]
        assert [task.starts_at for task in waits] == [at(moment)]


def test_promises_no_date_that_is_over(desk: Desk) -> None:
    case = answered(desk)
    for moment in ("2026-11-26T17:30", "2026-12-01T17:30", "2026-12-02T17:30", "2026-12-04T17:30"):
        desk.tick(moment)  # the last but one is the apology: he has heard something
    assert said(desk, case.conversation_id) == ["case_progress"] * 2
    desk.tick("2026-12-07T17:30")
    assert said(desk, case.conversation_id) == ["case_progress", "case_progress", "case_progress_late"]


def test_what_he_has_heard_meanwhile_counts(desk: Desk) -> None:
    case = answered(desk)
    desk.at("2026-11-25T10:00")
    desk.act(case.number, "investigate")
    desk.tick("2026-11-26T17:30")
    assert said(desk, case.conversation_id) == []
    assert desk.clock_of(case.number, "progress").due_at == at("2026-11-30T17:30")
    desk.tick("2026-11-30T17:30")
    assert said(desk, case.conversation_id) == ["case_progress"]


def test_not_while_we_wait_for_him(desk: Desk) -> None:
    case = filed(desk, "2026-11-23T10:00")
    desk.act(case.number, "take")
    desk.at("2026-11-24T10:00")
    desk.act(case.number, "pause", reason="请补充回单")
    desk.tick("2026-12-01T10:00")
    assert said(desk, case.conversation_id) == []
    desk.act(case.number, "resume")
    assert desk.clock_of(case.number, "progress").due_at > at("2026-12-01T10:00")


def test_graver_he_hears_sooner_and_by_the_hour_at_night_too(desk: Desk) -> None:
    case = filed(desk, "2026-11-23T10:00")
    desk.at("2026-11-23T20:00")
    desk.act(case.number, "severity", severity="紧急", reason="钱在流失")
    assert desk.clock_of(case.number, "progress").due_at == at("2026-11-24T04:00")


def told(desk: Desk, number: str) -> list[tuple[str, str]]:
    found = [e for e in desk.tickets.history(number) if e.action == "told"]
    what = [(str(e.detail["what"]), e.at.astimezone(BEIJING).strftime("%d %H:%M")) for e in found]
    return [one for one in what if one[0].startswith("case_progress")]


def urgent(desk: Desk) -> Case:
    case = filed(desk, "2026-11-23T18:00", "我的卡被盗刷了二十万，钱被转走了")
    assert case.severity is Severity.URGENT
    desk.act(case.number, "take")
    desk.act(case.number, "respond", analysis="正在核实")
    return case


def test_no_message_wakes_him_and_past_its_date_once_a_working_day(desk: Desk) -> None:
    case = urgent(desk)
    desk.ends(case.conversation_id)
    for hour in range(6 * 24):
        desk.tick((datetime(2026, 11, 23, 18, 0) + timedelta(hours=hour, minutes=30)).isoformat())
    assert told(desk, case.number) == [
        ("case_progress", "24 08:30"),
        ("case_progress", "24 16:30"),
        ("case_progress_late", "25 17:30"),
        ("case_progress_late", "26 17:30"),
        ("case_progress_late", "27 17:30"),
    ]


def test_in_an_open_chat_at_once(desk: Desk) -> None:
    case = urgent(desk)
    desk.tick("2026-11-24T02:00")
    assert told(desk, case.number) == [("case_progress", "24 02:00")]


def test_nobody_is_late_for_it_nor_warned_of_it(desk: Desk) -> None:
    case, boss = filed(desk, "2026-11-23T10:00"), desk.officer("super", "supervisor")
    later = at("2026-11-26T18:00")  # no worker has looked yet
    clock = desk.clock_of(case.number, "progress")
    assert not clock.missed(later)
    with desk.db.transaction() as tx:
        for kind in ("first_response", "quality"):
            for one in deadlines.running(tx, case.number, kind):
                deadlines.meet(tx, one, at("2026-11-23T10:05"), "super")
        assert search(tx, boss, Filter(due="overdue"), later)[0] == []
    desk.tick("2026-11-26T18:00")
    assert desk.clock_of(case.number, "progress").breached_at is None
    assert not [row for row in desk.given(case.number, "warning") if "进展" in row.text]


def test_a_profile_without_it_is_silent(desk: Desk, knowledge: Knowledge, calendar: WorkCalendar) -> None:
    """As handbook_literal, whose source names no interval; and a callback is no complaint."""
    assert all(progress(at("2026-11-23T10:00"), s, knowledge.complaints, calendar) is None for s in Severity)
    case = filed(desk, "2026-11-23T10:00", "媒体要来采访，城南支行的柜员乱来")
    assert case.severity is Severity.MAJOR
    assert [d.kind for d in desk.clocks(case.number) if d.kind == "progress"] == []


def test_the_banks_own_rules_tell_every_level(said: Knowledge, calendar: WorkCalendar) -> None:
    told = [progress(at("2026-11-23T10:00"), severity, said.complaints, calendar) for severity in Severity]
    assert told == [at("2026-11-26T17:30"), at("2026-11-25T17:30"), at("2026-11-26T17:30"), at("2026-11-23T18:00")]
