"""Who talks with the customer enters his complaint: his own where it is about others, never where it may be about him
(000-12, L1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tickets_support import PHONE, Desk

from bot.conversation import store as log
from bot.conversation.model import Actor, State
from bot.errors import Forbidden, NotFound
from bot.tickets.entering import Entry
from bot.tickets.model import Case
from bot.tickets.recusal import Officer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def bert(desk: Desk, conversation: str) -> Officer:
    """He holds the chat, and has said something in it."""
    bert = desk.officer("bert", "complaints")
    with desk.db.transaction() as tx:
        payload = {"text": "您自己看网站", "internal": {"by": "bert"}}
        log.append(
            tx, log.get(tx, conversation, lock=True), kind="message", actor=Actor("agent", bert.name),
            at=desk.clock.now(), payload=payload, key=None,
        )  # fmt: skip
        log.save(tx, replace(log.get(tx, conversation), state=State.HUMAN, holder="bert"))
    return bert


def enters(desk: Desk, conversation: str, facts: str, by: Officer) -> Case:
    desk.officer("anna", "complaints")
    return desk.entering.enter(Entry(facts, conversation_id=conversation, contact=PHONE), "key-0001", by).case


@pytest.mark.parametrize(
    "facts",
    [
        "刚才的人工客服骗我买了理财，亏了三万",
        "刚才的客服答错了，害我多交了手续费",
        "你们的客服把我的信息告诉了别人",
        "刚才的工作人员态度很差",
        "跟我通话的那个人一直骂我",
        "他刚才骂我，我要投诉他",
        "你态度太差了，我要投诉你",
    ],
)
def test_about_himself_it_is_kept_from_him(desk: Desk, conversation: str, bert: Officer, facts: str) -> None:
    case = enters(desk, conversation, facts, bert)
    assert (case.accused, case.owner_user) == (("bert",), None)
    for act in ("take", "accept", "investigate", "note"):
        with pytest.raises(NotFound):
            desk.act(case.number, act, bert)


@pytest.mark.parametrize(
    "facts",
    ["城南支行柜员让我等了两个小时", "城南支行的柜员骂我，他态度恶劣", "信用卡被多扣了年费300元", "客服电话打不通"],
)
def test_about_others_it_is_his(desk: Desk, conversation: str, bert: Officer, facts: str) -> None:
    case = enters(desk, conversation, facts, bert)
    assert (case.accused, case.owner_user) == ((), "bert")
    assert desk.act(case.number, "take", bert).owner_user == "bert"


class TestWhereItMayBeHe:
    @pytest.fixture
    def number(self, desk: Desk, conversation: str, bert: Officer) -> str:
        case = enters(desk, conversation, "态度太差了，气死人", bert)
        assert (case.accused, case.owner_user) == ((), None)
        return case.number

    @pytest.mark.parametrize("act", ["take", "accept"])
    def test_he_does_not_make_it_his_own(self, desk: Desk, number: str, bert: Officer, act: str) -> None:
        with pytest.raises(Forbidden) as refused:
            desk.act(number, act, bert)
        assert refused.value.phrase == "problem_case_unsure"

    def test_nor_decides_it_while_he_holds_the_chat(self, desk: Desk, number: str, bert: Officer) -> None:
        desk.act(number, "take", desk.officer("anna", "complaints"))
        with pytest.raises(Forbidden):
            desk.act(number, "investigate", bert)
        with pytest.raises(Forbidden):  # nor is he given it by a colleague
            desk.act(number, "assign", desk.officer("anna", "complaints"), to="bert")

    def test_nor_frees_himself_by_another_class(self, desk: Desk, number: str, bert: Officer) -> None:
        """That it is no matter of manner is not for him to say (L1)."""
        manner = {axis for axis, value in desk.tickets.case(number).classes.items() if value == "服务态度"}
        axes = [axis for axis in desk.tickets.rules.axes if axis.id in manner]
        classes = {axis.id: next(one.id for one in axis.values if one.id != "服务态度") for axis in axes}
        assert classes
        desk.act(number, "classify", bert, classes=classes, reason="不是态度问题")
        with pytest.raises(Forbidden):
            desk.act(number, "take", bert)

    def test_a_colleague_takes_it_and_a_supervisor_may_give_it_to_him(
        self, desk: Desk, number: str, bert: Officer
    ) -> None:
        assert desk.act(number, "take", desk.officer("anna", "complaints")).owner_user == "anna"
        assert desk.act(number, "assign", to="bert").owner_user == "bert"
        assert desk.act(number, "investigate", bert).owner_user == "bert"

    def test_who_did_not_talk_with_him_owns_what_he_enters(self, desk: Desk, conversation: str, bert: Officer) -> None:
        clara = desk.officer("clara", "supervisor")
        assert enters(desk, conversation, "态度太差了，气死人", clara).owner_user == "clara"
