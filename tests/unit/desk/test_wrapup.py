"""The form at the end: with the close, put right while the wrap-up lasts, and read from the wait's own row."""

from __future__ import annotations

import pytest
from desk import agent
from support import Chat

from bot.conversation import handovers, store
from bot.conversation.handovers import Entry
from bot.conversation.model import State
from bot.conversation.recalls import outside
from bot.desk.staff import Agent
from bot.desk.wrapup import wrap_up
from bot.errors import Conflict, InvalidInput, StaleEpoch
from bot.wiring import House


def ends(chat: Chat, who: Agent, result: str = "solved", category: str = "loan_rate", note: str = "已说明") -> int:
    return wrap_up(chat.house.desk, who, chat.id, chat.conversation.epoch, result, category, note)


def entry(chat: Chat) -> Entry:
    with chat.house.db.transaction() as tx:
        return handovers.of_chain(tx, [chat.id])[-1]


def test_it_ends_the_conversation_with_its_form(chat: Chat, anna: Agent) -> None:
    assert ends(chat, anna) == chat.conversation.epoch
    assert chat.state is State.WRAP_UP
    assert (entry(chat).how, entry(chat).result, entry(chat).category) == ("close", "solved", "loan_rate")


def test_in_the_wrap_up_the_last_form_counts_and_each_stays_in_the_record(chat: Chat, anna: Agent) -> None:
    ends(chat, anna)
    due_at = chat.conversation.due_at
    chat.house.clock.advance(60)
    ends(chat, anna, "follow_up", "card_loss", "要回电，电话13800138000")
    assert (entry(chat).result, entry(chat).category) == ("follow_up", "card_loss")
    forms = [event.payload["internal"] for event in chat.events if "result" in (event.payload.get("internal") or {})]
    assert [(form["result"], form["by"]) for form in forms] == [("solved", "anna"), ("follow_up", "anna")]
    assert "13800138000" not in str(forms)
    assert chat.conversation.due_at == due_at  # the wrap-up is not prolonged
    assert "要回电" not in str(outside(chat.events)) and "follow_up" not in str(outside(chat.events))
    with chat.house.db.transaction() as tx:
        assert store.broken_at(tx, chat.id) is None


def test_when_the_wrap_up_is_over_it_is_too_late(chat: Chat, anna: Agent) -> None:
    ends(chat, anna)
    epoch = chat.conversation.epoch
    chat.waits(chat.house.knowledge.escalation.wrap_up_s + 1)
    assert chat.state is State.CLOSED
    with pytest.raises(StaleEpoch):
        wrap_up(chat.house.desk, anna, chat.id, epoch, "unsolved", "", "")
    with pytest.raises(Conflict):
        ends(chat, anna)
    assert entry(chat).result == "solved"


def test_nobody_else_fills_it_in(chat: Chat, anna: Agent) -> None:
    ends(chat, anna)
    with pytest.raises(Conflict):
        ends(chat, agent(chat.house, "bert"), "unsolved")
    with pytest.raises(StaleEpoch):
        wrap_up(chat.house.desk, anna, chat.id, 1, "unsolved", "", "")
    assert entry(chat).result == "solved"


@pytest.mark.parametrize(
    ("result", "category", "field"),
    [("fine", "", "result"), ("solved", "greet", "category"), ("solved", "x", "category")],
)
def test_what_is_no_result_and_no_kind_of_question_is_refused(
    chat: Chat, anna: Agent, result: str, category: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ends(chat, anna, result, category)
    assert refused.value.extra["field"] == field
    assert chat.state is State.HUMAN


def test_who_else_is_there_is_known_with_his_presence(house: House) -> None:
    for username, presence in (("anna", "ready"), ("bert", "away"), ("cleo", "offline"), ("dora", "busy")):
        agent(house, username, presence)
    assert [(one["id"], one["presence"]) for one in house.staff.colleagues("anna")] == [
        ("bert", "away"),
        ("dora", "busy"),
    ]
    house.clock.advance(house.knowledge.escalation.lease_s + 1)
    house.staff.seen("dora")
    assert [one["id"] for one in house.staff.colleagues("anna")] == ["dora"]
