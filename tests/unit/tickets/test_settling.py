"""What must stand before a case is settled: the customer's word (001-17), and who leads so grave a case (000-70)."""

from __future__ import annotations

from typing import Any

import pytest
from tickets_support import RESULT, Desk

from bot.desk.store import agents
from bot.errors import Forbidden, InvalidInput
from bot.knowledge import Knowledge
from bot.tickets.model import Case, CaseState, Severity
from bot.tickets.recusal import Officer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORDS = {name: RESULT[name] for name in ("basics", "handling", "reasons")}
WHY = "三次电话联系不上客户"
MAJOR = "你们泄露了我的信息，媒体要曝光，损失80000元"
MAYBE = "信息被泄露，媒体要曝光，态度太差了"  # it may be about who talked with him
URGENT = "我的卡被盗刷了二十万，钱被转走了"


@pytest.fixture
def knowledge(said: Knowledge) -> Knowledge:
    """With the demonstration bank's own levels."""
    return said


@pytest.fixture
def anna(desk: Desk) -> Officer:
    return desk.officer("anna", "complaints")


def proposed(desk: Desk, owner: Officer, story: str = "", spoke: str = "") -> str:
    chat = desk.conversation()
    if spoke:
        desk.speaks(chat, spoke)
    number = desk.complain(chat, story) if story else desk.complain(chat)
    desk.act(number, "take", owner)
    return proposes(desk, number, owner)


def proposes(desk: Desk, number: str, owner: Officer) -> str:
    desk.act(number, "investigate", owner)
    desk.act(number, "propose", owner, text="向您道歉，并安排优先办理")
    return number


def settles(desk: Desk, number: str, who: Officer, **more: Any) -> Case:
    return desk.act(number, "resolve", who, **WORDS, **{"no_agreement": WHY, **more})


def lowers(desk: Desk, number: str, who: Officer) -> Case:
    return desk.act(number, "severity", who, severity="一般", reason="没那么重")


def reasons(desk: Desk, number: str) -> list[tuple[str, str]]:
    return [(e.actor, e.detail["reason"]) for e in desk.tickets.history(number) if e.action == "unagreed"]


class TestTheCustomersWord:
    def test_without_it_the_reason_is_asked_and_nothing_happens(self, desk: Desk, anna: Officer) -> None:
        number = proposed(desk, anna)
        before = desk.history(number)
        with pytest.raises(InvalidInput) as refused:
            settles(desk, number, anna, no_agreement="")
        assert (refused.value.phrase, refused.value.extra["field"]) == ("problem_case_agreement", "no_agreement")
        assert desk.history(number) == before

    def test_the_reason_stands_in_the_history_and_is_not_told(self, desk: Desk, anna: Officer) -> None:
        number = proposed(desk, anna)
        case = settles(desk, number, anna)
        assert case.state is CaseState.RESOLVED
        assert reasons(desk, number) == [("anna", WHY)]
        assert not [text for text in desk.read(case.conversation_id) if WHY in text]

    def test_a_no_and_the_next_proposal_need_it_too(self, desk: Desk, anna: Officer) -> None:
        number = proposed(desk, anna)
        desk.act(number, "agreed", anna, agreed=False)
        desk.act(number, "propose", anna, text="向您道歉，并安排优先办理")
        with pytest.raises(InvalidInput):
            settles(desk, number, anna, no_agreement="")
        settles(desk, number, anna)
        assert reasons(desk, number) == [("anna", WHY)]

    def test_a_yes_is_enough(self, desk: Desk, anna: Officer) -> None:
        number = proposed(desk, anna)
        desk.act(number, "agreed", anna, agreed=True)
        assert settles(desk, number, anna, no_agreement="").state is CaseState.RESOLVED
        assert reasons(desk, number) == []


class TestWhoLeads:
    """A major case the head, an urgent one a supervisor or the head."""

    @pytest.fixture
    def sofia(self, desk: Desk) -> Officer:
        return desk.officer("sofia", "supervisor")

    @pytest.fixture
    def hana(self, desk: Desk) -> Officer:
        return desk.officer("hana", "head")

    @pytest.mark.parametrize(
        ("story", "severity", "refused", "settled"),
        [
            (MAJOR, Severity.MAJOR, ("anna", "sofia"), "hana"),
            (URGENT, Severity.URGENT, ("anna",), "sofia"),
            (URGENT, Severity.URGENT, ("anna",), "hana"),
            ("", Severity.ORDINARY, (), "anna"),
        ],
    )
    def test_settles_it(
        self, desk: Desk, anna: Officer, sofia: Officer, hana: Officer,
        story: str, severity: Severity, refused: tuple[str, ...], settled: str,
    ) -> None:  # fmt: skip
        number, staff = proposed(desk, anna, story), {one.username: one for one in (anna, sofia, hana)}
        assert desk.tickets.case(number).severity is severity
        for name in refused:
            with pytest.raises(Forbidden) as found:
                settles(desk, number, staff[name])
            assert found.value.phrase.startswith("problem_case_led_by_")
        assert reasons(desk, number) == []
        assert settles(desk, number, staff[settled]).state is CaseState.RESOLVED
        assert desk.tickets.case(number).owner_user == "anna"

    def test_lowers_it(self, desk: Desk, anna: Officer, sofia: Officer, hana: Officer) -> None:
        """Else it would be lowered first, and settled then."""
        number = proposed(desk, anna, MAJOR)
        for who in (anna, sofia):
            with pytest.raises(Forbidden):
                desk.act(number, "severity", who, severity="一般", reason="没那么重")
        assert desk.act(number, "severity", anna, severity="紧急", reason="钱还在被转走").severity is Severity.URGENT
        with pytest.raises(Forbidden):
            desk.act(number, "severity", anna, severity="一般", reason="没那么重")
        assert desk.act(number, "severity", sofia, severity="一般", reason="核实").severity is Severity.ORDINARY
        assert settles(desk, number, anna).state is CaseState.RESOLVED

    def test_the_head_complained_about_leads_nothing_and_it_does_not_lie_still(
        self, desk: Desk, anna: Officer, sofia: Officer, hana: Officer
    ) -> None:
        number = proposed(desk, anna, MAJOR)
        desk.act(number, "accused", sofia, usernames=["hana"], reason="点名")
        with pytest.raises(Forbidden):
            settles(desk, number, anna)
        assert settles(desk, number, sofia).state is CaseState.RESOLVED

    def test_nor_does_it_wait_for_a_head_who_does_not_work_here_any_more(
        self, desk: Desk, anna: Officer, sofia: Officer, hana: Officer
    ) -> None:
        number = proposed(desk, anna, MAJOR)
        with desk.db.transaction() as tx:
            left = agents.update().where(agents.c.username == hana.username)
            tx.execute(left.values(disabled_at=desk.clock.now()))
        assert settles(desk, number, sofia).state is CaseState.RESOLVED

    def test_where_nobody_stands_above_the_owner_settles_it(self, desk: Desk, anna: Officer) -> None:
        assert settles(desk, proposed(desk, anna, MAJOR), anna).state is CaseState.RESOLVED

    def test_who_decided_it_before_does_not_keep_it_from_the_others(
        self, desk: Desk, anna: Officer, hana: Officer
    ) -> None:
        """The only head had it the first time; nobody else stands above."""
        number = proposed(desk, hana, MAJOR)
        settles(desk, number, hana)
        desk.act(number, "appeal", hana, reason="不认可")
        desk.act(number, "take", anna)
        proposes(desk, number, anna)
        assert settles(desk, number, anna).state is CaseState.RESOLVED

    def test_who_settled_what_another_had_does_not_decide_the_appeal(
        self, desk: Desk, anna: Officer, sofia: Officer, hana: Officer
    ) -> None:
        number = proposed(desk, anna, MAJOR)
        settles(desk, number, hana)
        desk.act(number, "appeal", sofia, reason="不认可")
        for act, values in (("take", {}), ("severity", {"severity": "一般", "reason": "没那么重"})):
            with pytest.raises(Forbidden) as refused:
                desk.act(number, act, hana, **values)
            assert refused.value.phrase == "problem_case_review"
        desk.act(number, "take", desk.officer("bert", "complaints"))
        proposes(desk, number, desk.officer("bert", "complaints"))
        with pytest.raises(Forbidden):
            settles(desk, number, hana)
        assert settles(desk, number, sofia).state is CaseState.RESOLVED

    def test_a_head_who_may_be_meant_leads_nothing_and_it_does_not_lie_still(
        self, desk: Desk, anna: Officer, sofia: Officer, hana: Officer
    ) -> None:
        number = proposed(desk, anna, MAYBE, spoke="hana")
        for act in (settles, lowers):
            with pytest.raises(Forbidden) as refused:
                act(desk, number, hana)
            assert refused.value.phrase == "problem_case_unsure"
            with pytest.raises(Forbidden) as refused:
                act(desk, number, anna)
            assert refused.value.phrase == "problem_case_led_by_head"
        assert settles(desk, number, sofia).state is CaseState.RESOLVED

    def test_where_all_above_may_be_meant_the_owner_settles_it(self, desk: Desk, anna: Officer, hana: Officer) -> None:
        assert settles(desk, proposed(desk, anna, MAYBE, spoke="hana"), anna).state is CaseState.RESOLVED
