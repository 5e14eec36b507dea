"""Longer than the regulator's 15 days: by whom, until when, and the customer is told (L1, C4)."""

from __future__ import annotations

import pytest
from tickets_support import RESULT, Desk, at

from bot.errors import Conflict, Forbidden, InvalidInput, NotFound

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    return desk.complain(conversation)


class TestExtending:
    @pytest.fixture(autouse=True)
    def owned(self, desk: Desk, number: str) -> None:
        desk.act(number, "take", desk.officer("sofia", "supervisor", "complaints"))

    def test_is_approved_by_somebody_above_and_the_customer_is_told(
        self, desk: Desk, number: str, conversation: str
    ) -> None:
        case = desk.act(number, "extend", desk.officer("simon", "supervisor"), days=30, reason="要调取录像")
        assert (case.cap_days, case.due_at) == (30, at("2026-12-23T23:59:59"))
        assert desk.clock_of(number, "cap").due_at == desk.clock_of(number, "resolution").due_at == case.due_at
        assert "12月23日 23:59" in desk.read(conversation)[-1]
        (extended,) = [e for e in desk.tickets.history(number) if e.action == "extended"]
        assert (extended.detail["approved_by"], extended.detail["reason"]) == ("simon", "要调取录像")

    @pytest.mark.parametrize(
        ("who", "days"), [("sofia", 30), ("anna", 30), ("quentin", 30), ("simon", 60), ("simon", 45), ("hana", 15)]
    )
    def test_not_by_the_owner_nor_by_an_agent_and_60_days_only_by_the_head(
        self, desk: Desk, number: str, who: str, days: int
    ) -> None:
        roles = {"sofia": ("supervisor", "complaints"), "simon": ("supervisor",), "hana": ("head",)}
        roles["quentin"] = ("quality",)
        with pytest.raises((Forbidden, InvalidInput, NotFound)):
            officer = desk.officer(who, *roles.get(who, ("complaints",)))
            desk.casework.act(officer, number, "extend", None, {"days": days, "reason": "慢慢查"})
        assert desk.tickets.case(number).cap_days == 15

    def test_not_by_whoever_had_it_in_this_round(self, desk: Desk, number: str) -> None:
        """He hands it over, would extend it, and take it back."""
        sofia = desk.officer("sofia", "supervisor", "complaints")
        desk.act(number, "assign", sofia, to=desk.officer("bert", "complaints").username)
        with pytest.raises(Forbidden):
            desk.act(number, "extend", sofia, days=30, reason="要调取录像")
        desk.act(number, "assign", sofia, to=desk.officer("simon", "supervisor").username)
        desk.act(number, "assign", sofia, to="bert")
        with pytest.raises(Forbidden):  # nor by whom it was given to meanwhile
            desk.act(number, "extend", desk.officer("simon", "supervisor"), days=30, reason="要调取录像")
        assert desk.act(number, "extend", desk.officer("hana", "head"), days=30, reason="要调取录像").cap_days == 30

    def test_by_whoever_gave_it_to_a_department_and_never_had_it(self, desk: Desk, number: str) -> None:
        simon = desk.officer("simon", "supervisor")
        desk.act(number, "assign", simon, department="信用卡部")
        assert desk.act(number, "extend", simon, days=30, reason="要调取录像").cap_days == 30

    def test_to_60_days_only_after_30(self, desk: Desk, number: str) -> None:
        hana = desk.officer("hana", "head")
        with pytest.raises(InvalidInput) as refused:
            desk.act(number, "extend", hana, days=60, reason="涉及司法")
        assert (refused.value.phrase, refused.value.extra["field"]) == ("problem_case_extension_step", "days")
        assert desk.tickets.case(number).cap_days == 15

    def test_to_60_days_by_the_head_alone(self, desk: Desk, number: str) -> None:
        desk.act(number, "extend", desk.officer("simon", "supervisor"), days=30, reason="要调取录像")
        with pytest.raises(Forbidden):
            desk.act(number, "extend", desk.officer("simon", "supervisor"), days=60, reason="涉及司法")
        case = desk.act(number, "extend", desk.officer("hana", "head"), days=60, reason="涉及司法")
        assert case.due_at == at("2027-01-22T23:59:59")

    def test_not_after_the_result(self, desk: Desk, number: str) -> None:
        for act, values in (("investigate", {}), ("propose", {"text": "向您道歉"}), ("resolve", RESULT)):
            desk.act(number, act, **values)
        with pytest.raises(Conflict):
            desk.act(number, "extend", desk.officer("hana", "head"), days=30, reason="x")
