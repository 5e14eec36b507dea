"""Whatever is done to a case, in whatever order and at whatever time: what always holds (hypothesis)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tickets_support import PHONE, RESULT, Desk, at

from bot.calendar import WorkCalendar
from bot.clock import BEIJING, FrozenClock
from bot.errors import QiantaiError
from bot.knowledge import Knowledge
from bot.knowledge.model import Complaints
from bot.tickets import store
from bot.tickets.clocks import due_dates, regulator_cap
from bot.tickets.model import Case, CaseState, Kind, Severity, allowed_next

BEGINS = at("2026-02-10T08:00")  # before Spring Festival
STORIES = (
    "昨天在城南支行，柜员让我等了两个小时",
    "媒体要曝光你们泄露客户信息的事情",
    "我的卡昨晚在外地被人盗刷了",
    "你们柜台乱收费好几次了没人管",
    "上周三的转账到今天还没到账",
)
VALUES: dict[str, dict[str, Any]] = {
    **{
        name: {}
        for name in ("take", "accept", "investigate", "resume", "close", "report", "agreed", "severity", "quality")
    },
    "assign": {"to": "bert"},
    "respond": {"analysis": "正在核实"},
    "propose": {"text": "向您道歉"},
    "resolve": RESULT,
    "told": {"how": "phone"},
    "withdraw": {"reason": "客户撤回"},
    "appeal": {"reason": "不认可"},
    "pause": {"reason": "补充材料"},
    "extend": {"days": 30, "reason": "要查旧账"},
    "note": {"text": "记录"},
    "promise": {"text": "回电", "due_at": BEGINS + timedelta(days=90)},
    "accused": {"usernames": ["carl"], "reason": "点名"},
}
ONWARD = ("take", "investigate", "propose", "resolve", "close", "appeal")  # the way, gone where it can be gone
ROUNDS = count()
FEW = settings.default.max_examples // 8  # each opens a store of its own; `make test-full` tries ten times as many

moments = st.datetimes(datetime(2026, 1, 2), datetime(2027, 3, 1)).map(lambda one: one.replace(tzinfo=BEIJING))
severities = st.sampled_from(list(Severity))
waits = st.sampled_from((0, 60, 1800, 3600 * 5, 3600 * 24, 3600 * 24 * 4))
kinds = st.sampled_from(("onward", "onward", "allowed", "allowed", "any", "tick"))
moves = st.lists(st.tuples(waits, kinds, st.integers(0, 99), severities, st.booleans()), min_size=6, max_size=20)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sequences")


@dataclass
class Seen:
    """A case as it was, to hold the next look against."""

    case: Case
    events: list[Any] = field(default_factory=list)
    breached: dict[str, datetime] = field(default_factory=dict)


@contextmanager
def standing(home: Path, migrated: Path, knowledge: Knowledge) -> Iterator[Desk]:
    """An empty store for one example."""
    folder = home / str(next(ROUNDS))
    folder.mkdir()
    copyfile(migrated, folder / "test.db")
    desk = Desk(folder, f"sqlite:///{folder / 'test.db'}", knowledge, FrozenClock(BEGINS))
    try:
        yield desk
    finally:
        desk.db.dispose()
        (folder / "test.db").unlink(missing_ok=True)


def does(desk: Desk, number: str, kind: str, place: int, severity: Severity, yes: bool) -> None:
    if kind == "tick":
        desk.tick()
        return
    officer = desk.officer("super", "supervisor", "head")
    with desk.db.transaction() as tx:
        allowed = desk.casework.allowed(tx, officer, store.case(tx, number), None)
    onward = [name for name in allowed if name in ONWARD] if kind == "onward" else []
    names = onward or (sorted(VALUES) if kind == "any" else [name for name in allowed if name in VALUES])
    if not names:
        return
    name = names[place % len(names)]
    given = {"agreed": {"agreed": yes}, "severity": {"severity": severity.value, "reason": "核实"}}.get(
        name, VALUES[name]
    )
    if name == "withdraw" and place < 90:
        return  # seldom, or every way would end early
    with suppress(QiantaiError):  # not now: that nothing was changed by it, the next look shows
        desk.act(number, name, officer, **given)


def look(desk: Desk, seen: Seen) -> Seen:
    number = seen.case.number
    case, events, clocks = desk.tickets.case(number), desk.tickets.history(number), desk.clocks(number)
    assert events[: len(seen.events)] == seen.events, "the history was changed"
    if case.state is not seen.case.state:
        assert_way(seen.case.state, case.state)
    caps = [clock for clock in clocks if clock.kind == "cap" and clock.open]
    assert len(caps) <= 1
    if case.result is None and case.state is not CaseState.WITHDRAWN:
        (cap,) = caps
        began = cap.starts_at
        assert cap.due_at == regulator_cap(began, case.cap_days)
        assert case.cap_days == 15 or any(event.action == "extended" for event in events)
        assert case.due_at <= cap.due_at
        (resolution,) = [clock for clock in clocks if clock.kind == "resolution" and clock.open]
        assert resolution.due_at == case.due_at
    breached = {clock.key: clock.breached_at for clock in clocks if clock.breached_at is not None}
    assert {key: breached.get(key) for key in seen.breached} == seen.breached, "a breach was taken back"
    missed = {clock.key for clock in clocks if clock.missed(desk.clock.now()) and not clock.open}
    assert missed <= set(breached)
    if case.severity.rank > seen.case.severity.rank:
        assert case.due_at <= seen.case.due_at and case.respond_by <= seen.case.respond_by
    return Seen(case, events, breached)


def assert_way(before: CaseState, after: CaseState) -> None:
    """Taking is accepting and assigning in one act."""
    ways = allowed_next(Kind.COMPLAINT, before)
    assert after in ways or any(after in allowed_next(Kind.COMPLAINT, one) for one in ways - {CaseState.WITHDRAWN})


@given(story=st.sampled_from(STORIES), moves=moves)
@settings(max_examples=FEW, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_sequence_of_acts(home: Path, migrated: Path, knowledge: Knowledge, story: str, moves: list[Any]) -> None:
    with standing(home, migrated, knowledge) as desk:
        for who in ("bert", "carl"):
            desk.officer(who, "complaints")
        number = desk.complain(desk.conversation(), story, PHONE)
        seen = look(desk, Seen(desk.tickets.case(number)))
        for seconds, *move in moves:
            desk.clock.advance(seconds)
            does(desk, number, *move)
            seen = look(desk, seen)
        assert desk.anywhere(PHONE) == []


@given(
    story=st.sampled_from(STORIES),
    before=st.integers(0, 60 * 24 * 20),
    pauses=st.lists(st.integers(1, 60 * 30), max_size=2),
)
@settings(max_examples=FEW, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_to_pause_and_resume_at_once_changes_nothing(
    home: Path, migrated: Path, knowledge: Knowledge, story: str, before: int, pauses: list[int]
) -> None:
    with standing(home, migrated, knowledge) as desk:
        number = desk.complain(desk.conversation(), story, PHONE)
        desk.act(number, "take")
        for minutes in pauses:
            desk.act(number, "pause", reason="补充材料")
            desk.clock.advance(60 * minutes)
            desk.act(number, "resume")
        desk.clock.advance(60 * before)
        was = [(clock.kind, clock.due_at, clock.next_at, clock.state) for clock in desk.clocks(number)]
        date = desk.tickets.case(number).due_at
        desk.act(number, "pause", reason="补充材料")
        desk.act(number, "resume")
        assert [(clock.kind, clock.due_at, clock.next_at, clock.state) for clock in desk.clocks(number)] == was
        assert desk.tickets.case(number).due_at == date


@given(received=moments, severity=severities, facts=st.sampled_from(("", "转账延迟到账", "盗刷", "=1+1", "x" * 4000)))
def test_no_date_is_later_than_the_cap_nor_before_the_receipt(
    rules: Complaints, calendar: WorkCalendar, received: datetime, severity: Severity, facts: str
) -> None:
    due = due_dates(received, severity, rules, calendar, facts)
    assert received < due.respond_by <= due.due_at <= due.cap_at == regulator_cap(received, 15)


@given(received=moments, pair=st.sampled_from(list(pairwise(Severity))))
def test_the_graver_is_never_answered_later(
    rules: Complaints, calendar: WorkCalendar, received: datetime, pair: tuple[Severity, Severity]
) -> None:
    less, more = (due_dates(received, severity, rules, calendar) for severity in pair)
    assert more.respond_by <= less.respond_by
