"""An appeal is decided by somebody else than the first time. On both databases."""

from __future__ import annotations

import pytest
from tickets_support import Desk

from bot.errors import Forbidden
from bot.tickets.model import CaseState
from bot.tickets.recusal import Officer


@pytest.fixture
def former(desk: Desk) -> Officer:
    return desk.officer("anna", "complaints")


@pytest.fixture
def appealed(desk: Desk, conversation: str, former: Officer) -> str:
    number = desk.complain(conversation)
    desk.resolved(number, former)
    desk.act(number, "appeal", former, reason="不认可")
    return number


def test_it_has_no_owner_and_the_history_says_who_left(desk: Desk, appealed: str) -> None:
    case = desk.tickets.case(appealed)
    assert (case.state, case.owner_user) == (CaseState.REOPENED, None)
    (left,) = [event for event in desk.tickets.history(appealed) if event.action == "owner_left"]
    assert dict(left.detail) == {"owner": "anna"}


def test_what_the_owner_had_to_tell_the_customer_goes_back_too(desk: Desk, conversation: str, former: Officer) -> None:
    number = desk.complain(conversation, phone="不想留")
    desk.ends(conversation)
    desk.resolved(number, former)
    assert {task.person for task in desk.tasks(number, "tell")} == {"anna"}
    desk.act(number, "appeal", former, reason="不认可")
    assert {task.person for task in desk.tasks(number, "tell")} == {None}


def test_who_decided_it_does_not_take_it_again(desk: Desk, appealed: str, former: Officer) -> None:
    other = desk.officer("bert", "complaints")
    for act, values in (("take", {}), ("assign", {}), ("assign", {"to": "anna"})):
        with pytest.raises(Forbidden):
            desk.act(appealed, act, former, **values)
    assert desk.act(appealed, "take", other).owner_user == "bert"
    with pytest.raises(Forbidden):  # nor is he given it by a colleague
        desk.act(appealed, "assign", other, to="anna")


def test_a_supervisor_may_give_it_to_him(desk: Desk, appealed: str) -> None:
    boss = desk.officer("sofia", "supervisor")
    assert desk.act(appealed, "assign", boss, to="anna").owner_user == "anna"


def test_a_supervisor_does_not_give_himself_his_own(desk: Desk, conversation: str) -> None:
    number = desk.complain(conversation)
    boss, other = desk.officer("sofia", "supervisor"), desk.officer("bert", "complaints")
    desk.resolved(number, boss)
    desk.act(number, "appeal", boss, reason="不认可")
    for act in ("take", "assign"):
        with pytest.raises(Forbidden):
            desk.act(number, act, boss)
    assert desk.act(number, "assign", boss, to=other.username).owner_user == "bert"


def test_where_nobody_else_is_there_he_takes_it(desk: Desk, appealed: str, former: Officer) -> None:
    assert desk.act(appealed, "take", former).owner_user == "anna"


def test_who_decided_it_decides_nothing_in_it_while_somebody_else_has_it(desk: Desk, conversation: str) -> None:
    """Also where his role would let him: a supervisor reviews no decision of his own."""
    number, boss = desk.complain(conversation), desk.officer("boss", "supervisor", "head")
    desk.resolved(number, boss)
    desk.act(number, "appeal", reason="不同意")
    with pytest.raises(Forbidden):
        desk.act(number, "respond", boss, analysis="维持原处理")
    desk.act(number, "take", desk.officer("carl", "complaints"))
    with pytest.raises(Forbidden):
        desk.act(number, "investigate", boss)
    desk.act(number, "investigate", desk.officer("carl", "complaints"))
