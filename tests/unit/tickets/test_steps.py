"""What officers do to a case, step by step: what each act does, what must stand before it, what it ends (002-11)."""

from __future__ import annotations

import pytest
from tickets_support import RESULT, Desk, at

from bot.errors import Conflict, InvalidInput, RefusedByGuard
from bot.tickets import deadlines
from bot.tickets.clockwork import FOLLOW_UP
from bot.tickets.model import CaseState
from bot.tickets.recusal import Officer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    return desk.complain(conversation)


def goes(desk: Desk, number: str, *acts: str, who: Officer | None = None) -> None:
    for act in acts:
        desk.act(number, act, who, **{"propose": {"text": "向您道歉"}, "resolve": RESULT}.get(act, {}))


def open_clocks(desk: Desk, number: str) -> list[str]:
    return [clock.kind for clock in desk.clocks(number) if clock.open]


def test_opened_it_has_its_clocks_and_the_receipt_is_given(desk: Desk, number: str) -> None:
    assert desk.clock_of(number, "receipt").state == deadlines.DONE
    assert sorted(open_clocks(desk, number)) == ["cap", "first_response", "quality", "resolution"]


class TestTheOwner:
    def test_who_accepts_answers_for_it(self, desk: Desk, number: str) -> None:
        anna = desk.officer("anna", "complaints")
        case = desk.act(number, "accept", anna)
        assert (case.state, case.owner_user) == (CaseState.ACCEPTED, "anna")

    def test_passes_it_to_a_colleague_with_what_is_his_to_do(self, desk: Desk, number: str) -> None:
        anna, bert = desk.officer("anna", "complaints"), desk.officer("bert")
        desk.act(number, "take", anna)
        desk.act(
            number, "subtask", anna, department="信用卡部", text="查记录", due_at=at("2026-11-25T10:00"), to="bert"
        )
        case = desk.act(number, "assign", anna, to="bert", note="他熟悉这个网点")
        assert case.owner_user == "bert"
        assert desk.history(number)[-2:] == [("anna", "passed_on"), ("system", "told")]
        assert desk.act(number, "investigate", bert).state is CaseState.INVESTIGATING

    def test_to_a_department_too(self, desk: Desk, number: str) -> None:
        desk.act(number, "take")
        assert desk.act(number, "assign", department="信用卡部").owner_queue == "信用卡部"

    @pytest.mark.parametrize(("to", "field"), [({"to": "nobody"}, "to"), ({"department": "食堂"}, "department")])
    def test_but_to_nobody_who_is_not_there(self, desk: Desk, number: str, to: dict, field: str) -> None:
        desk.act(number, "take")
        with pytest.raises(InvalidInput) as refused:
            desk.act(number, "assign", **to)
        assert refused.value.extra["field"] == field

    def test_what_a_supervisor_has_to_do_stays_with_him(self, desk: Desk, number: str) -> None:
        """A clock was missed: whether anything is due to the customer is not the owner's to decide."""
        anna = desk.officer("anna", "complaints")
        desk.act(number, "take", anna)
        desk.tick("2026-11-26T10:00")
        desk.officer("bert")
        desk.act(number, "assign", anna, to="bert")
        assert [task.person for task in desk.tasks(number, "apology")] == [None]


class TestTheFirstResponse:
    def test_has_four_parts(self, desk: Desk, number: str, conversation: str) -> None:
        goes(desk, number, "take")
        desk.act(number, "respond", analysis="叫号机坏了", solution="为您预约优先办理")
        text = desk.read(conversation)[-1]
        for part in ("等了两个小时", "叫号机坏了", "2026年12月2日 17:30", "为您预约优先办理"):
            assert part in text
        assert desk.clock_of(number, "first_response").state == deadlines.DONE

    def test_comes_after_the_acceptance_and_before_the_end(self, desk: Desk, number: str) -> None:
        with pytest.raises(Conflict):
            desk.act(number, "respond", analysis="在查")
        desk.resolved(number)
        with pytest.raises(Conflict):
            desk.act(number, "respond", analysis="在查")

    def test_does_not_pass_the_guard_with_a_promise_that_nobody_can_keep(self, desk: Desk, number: str) -> None:
        goes(desk, number, "take")
        before = desk.history(number)
        with pytest.raises(RefusedByGuard):
            desk.act(number, "respond", analysis="我们保证这款理财保本保收益")
        assert desk.history(number) == before
        assert desk.clock_of(number, "first_response").open

    def test_a_figure_of_the_case_goes_out_after_a_second_look(
        self, desk: Desk, number: str, conversation: str
    ) -> None:
        """What was paid back to one customer stands in no list of the bank's."""
        goes(desk, number, "take")
        with pytest.raises(RefusedByGuard) as refused:
            desk.act(number, "respond", analysis="多扣的利息12.5元会退回")
        assert refused.value.extra["confirmable"]
        desk.act(number, "respond", analysis="多扣的利息12.5元会退回", confirmed=True)
        assert "12.5元" in desk.read(conversation)[-1]


class TestTheProposal:
    @pytest.fixture(autouse=True)
    def proposed(self, desk: Desk, number: str) -> None:
        goes(desk, number, "take", "investigate", "propose")

    def test_is_agreed_to(self, desk: Desk, number: str) -> None:
        case = desk.act(number, "agreed", agreed=True, note="电话里同意")
        assert (case.state, case.proposal["agreed"]) == (CaseState.PROPOSED, True)

    def test_or_not_and_then_it_is_looked_into_again_and_proposed_anew(self, desk: Desk, number: str) -> None:
        assert desk.act(number, "agreed", agreed=False).state is CaseState.INVESTIGATING
        case = desk.act(number, "propose", text="再加一次上门道歉")
        assert case.proposal["agreed"] is None
        assert [event.detail.get("agreed") for event in desk.tickets.history(number)].count(False) == 1

    def test_is_answered_only_while_it_stands(self, desk: Desk, number: str) -> None:
        goes(desk, number, "resolve")
        with pytest.raises(Conflict):
            desk.act(number, "agreed", agreed=True)


class TestTheResult:
    def test_is_told_with_reasons_and_remedies_and_ends_the_clocks(
        self, desk: Desk, number: str, conversation: str
    ) -> None:
        desk.resolved(number)
        text = desk.read(conversation)[-1]
        assert "叫号记录属实" in text and "调解、仲裁、诉讼" in text
        states = {c.kind: c.state for c in desk.clocks(number)}
        assert [states[kind] for kind in ("resolution", "result_notice", "cap")] == [deadlines.DONE] * 3
        assert sorted(open_clocks(desk, number)) == ["final", "quality", "report", "visit"]
        assert set(open_clocks(desk, number)) - {"quality"} == set(FOLLOW_UP) - {"result_notice"}

    def test_of_a_repetition_needs_its_root_cause(self, desk: Desk, number: str) -> None:
        again = desk.complain_again(desk.conversation(), phone="13800138000")
        second = again[0].values["number"]
        goes(desk, second, "take", "investigate", "propose")
        with pytest.raises(InvalidInput) as refused:
            desk.act(second, "resolve", **{**RESULT, "root_cause": ""})
        assert refused.value.extra["field"] == "root_cause"
        desk.act(second, "classify", classes={}, reason="查清了", root_cause="人手不足")
        assert desk.act(second, "resolve", **{**RESULT, "root_cause": ""}).root_cause == "人手不足"

    def test_needs_a_proposal_before_it(self, desk: Desk, number: str) -> None:
        goes(desk, number, "take", "investigate")
        with pytest.raises(Conflict):
            goes(desk, number, "resolve")

    def test_voids_a_first_response_that_was_never_given(self, desk: Desk, number: str) -> None:
        goes(desk, number, "take", "investigate", "propose", "resolve")
        assert desk.clock_of(number, "first_response").state == deadlines.VOID


class TestTheWrittenReport:
    def test_has_its_four_parts_and_ends_its_clock(self, desk: Desk, number: str, conversation: str) -> None:
        desk.resolved(number)
        desk.act(number, "report")
        text = desk.read(conversation)[-1]
        for part in ("基本情况", "处理", "满意", "改进"):
            assert part in text
        assert desk.clock_of(number, "report").state == deadlines.DONE

    def test_comes_after_the_result(self, desk: Desk, number: str) -> None:
        goes(desk, number, "take")
        with pytest.raises(Conflict):
            goes(desk, number, "report")


class TestClosing:
    def test_files_it_and_leaves_visit_and_confirmation_to_be_done(self, desk: Desk, number: str) -> None:
        desk.resolved(number)
        assert desk.act(number, "close", note="归档").state is CaseState.CLOSED
        assert {"visit", "final"} <= set(open_clocks(desk, number))

    def test_waits_until_the_customer_knows_the_result(self, desk: Desk, conversation: str) -> None:
        number = desk.complain_again(conversation)[0].values["number"]  # without a number
        desk.ends(conversation)
        desk.resolved(number)
        with pytest.raises(Conflict):
            desk.act(number, "close")
        desk.act(number, "told", how="phone", note="电话告知")
        assert desk.clock_of(number, "cap").state == deadlines.DONE
        assert desk.act(number, "close").state is CaseState.CLOSED


class TestWithdrawing:
    @pytest.mark.parametrize("so_far", [(), ("take",), ("take", "investigate"), ("take", "investigate", "propose")])
    def test_ends_it_the_same_day_and_voids_its_clocks(self, desk: Desk, number: str, so_far: tuple[str, ...]) -> None:
        goes(desk, number, *so_far)
        case = desk.act(number, "withdraw", reason="客户撤回")
        assert (case.state, case.updated_at) == (CaseState.WITHDRAWN, desk.clock.now())
        assert open_clocks(desk, number) == []
        desk.tick("2026-12-20T10:00")
        assert not [clock for clock in desk.clocks(number) if clock.breached_at]

    def test_takes_what_is_to_be_done_after_a_result_with_it(self, desk: Desk, number: str) -> None:
        desk.resolved(number)
        desk.act(number, "withdraw", reason="客户撤回")
        assert open_clocks(desk, number) == []

    def test_while_it_waits_for_the_customer(self, desk: Desk, number: str) -> None:
        goes(desk, number, "take")
        desk.act(number, "pause", reason="补充材料")
        desk.act(number, "withdraw", reason="客户撤回")
        assert open_clocks(desk, number) == []

    def test_what_was_missed_before_stays_missed(self, desk: Desk, number: str) -> None:
        goes(desk, number, "take")
        desk.at("2026-11-26T10:00")
        desk.act(number, "withdraw", reason="客户撤回")
        assert desk.clock_of(number, "first_response").breached_at == at("2026-11-25T10:00")
        assert open_clocks(desk, number) == []

    def test_nothing_is_done_to_it_any_more(self, desk: Desk, number: str) -> None:
        desk.act(number, "withdraw", reason="客户撤回")
        for act in ("take", "withdraw", "appeal", "respond", "pause", "severity", "extend", "note"):
            with pytest.raises(Conflict):
                desk.act(number, act, **{"withdraw": {"reason": "x"}}.get(act, {}))


class TestAppealing:
    @pytest.fixture(autouse=True)
    def settled(self, desk: Desk, number: str) -> None:
        desk.resolved(number)
        desk.act(number, "close")
        desk.at("2026-11-30T10:00")

    def test_begins_a_round_with_clocks_of_its_own(self, desk: Desk, number: str) -> None:
        case = desk.act(number, "appeal", reason="不认可")
        assert (case.state, case.round, case.due_at) == (CaseState.REOPENED, 2, at("2026-12-09T17:30"))
        assert sorted(open_clocks(desk, number)) == ["cap", "first_response", "quality", "resolution"]
        assert desk.clock_of(number, "cap").due_at == at("2026-12-15T23:59:59")

    def test_goes_all_the_way_again_and_is_extended_and_paused_as_before(self, desk: Desk, number: str) -> None:
        desk.act(number, "appeal", reason="不认可")
        desk.act(number, "take", desk.officer("anna", "complaints", "supervisor"))
        desk.act(number, "pause", reason="补充材料")
        desk.act(number, "resume")
        assert desk.act(number, "extend", days=30, reason="要查旧账").due_at == at("2026-12-30T23:59:59")
        desk.act(number, "told", how="phone", note="告知已重新受理")
        assert desk.clock_of(number, "cap").open  # the new result is not known yet
        anna = desk.officer("anna", "complaints", "supervisor")
        goes(desk, number, "investigate", "propose", "resolve", who=anna)
        assert desk.clock_of(number, "cap").state == deadlines.DONE
        assert desk.act(number, "close").state is CaseState.CLOSED

    def test_the_former_result_stands_in_the_history(self, desk: Desk, number: str) -> None:
        assert desk.act(number, "appeal", reason="不认可").result is None
        (resolved,) = [e for e in desk.tickets.history(number) if e.action == "resolved"]
        assert resolved.detail["reasons"] == RESULT["reasons"]

    @pytest.mark.parametrize(("moment", "late"), [("2026-12-23T10:00", False), ("2026-12-25T10:00", True)])
    def test_is_never_refused_for_being_late_only_marked(
        self, desk: Desk, number: str, moment: str, late: bool
    ) -> None:
        desk.at(moment)
        desk.act(number, "appeal", reason="不认可")
        (reopened,) = [e for e in desk.tickets.history(number) if e.action == "reopened"]
        assert reopened.detail["late"] is late
