"""What an agent has at hand: scripts suggested by the customer's last message, and quick replies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk import agent
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation import incidents
from bot.conversation.model import Answer, Handover
from bot.desk.scripts import Scripts
from bot.desk.staff import Agent
from bot.errors import Forbidden
from bot.knowledge import Knowledge
from bot.knowledge.model import Reply
from bot.wiring import House


@pytest.fixture
def chat(any_house: House) -> Chat:
    known = {
        "转人工": understood("human_agent", Handover("asked")),
        "按揭的利息怎么算": understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage"),
    }
    return Chat(any_house, FakeAssistant(known, otherwise=understood("branch_hours", Answer("branch_hours"))))


@pytest.fixture
def anna(any_house: House) -> Agent:
    return agent(any_house, "anna")


def claimed(chat: Chat, who: Agent) -> None:
    chat.house.desk.tick()
    chat.house.desk.claim(who, chat.id, chat.conversation.epoch)


def suggested(chat: Chat, who: Agent) -> list[str]:
    return [one["id"] for one in Scripts(chat.house.desk).suggested(who, chat.id)]


class TestSuggested:
    def test_by_what_the_assistant_made_of_the_last_message(self, chat: Chat, anna: Agent) -> None:
        chat.says("按揭的利息怎么算")
        chat.sends(choice="human")
        claimed(chat, anna)
        assert suggested(chat, anna)[0] == "loan_rate_mortgage"

    def test_by_its_words_while_a_person_serves(self, chat: Chat, anna: Agent) -> None:
        chat.says("转人工")
        claimed(chat, anna)
        chat.sends("我的银行卡丢了，怎么挂失")
        first, *_ = Scripts(chat.house.desk).suggested(anna, chat.id)
        assert first["id"].startswith("card_loss") and first["text"] and first["title"]

    def test_thanks_or_yes_do_not_lead_away_from_the_matter(self, chat: Chat, anna: Agent) -> None:
        chat.says("转人工")
        claimed(chat, anna)
        chat.sends("我的银行卡丢了，怎么挂失")
        before = suggested(chat, anna)
        chat.sends("好的")
        assert suggested(chat, anna) == before

    def test_with_their_warnings_and_few(self, chat: Chat, anna: Agent) -> None:
        chat.says("转人工")
        claimed(chat, anna)
        chat.sends("房贷的利率是多少")
        found = Scripts(chat.house.desk).suggested(anna, chat.id)
        assert 1 <= len(found) <= 4 and len({one["id"] for one in found}) == len(found)
        loan = next(one for one in found if one["id"].startswith("loan_rate"))
        for shown in loan["disclosures"]:
            assert chat.house.knowledge.disclosures[shown["id"]].text in loan["text"]
        assert loan["disclosures"]

    def test_never_what_is_stopped(self, chat: Chat, anna: Agent) -> None:
        chat.says("转人工")
        claimed(chat, anna)
        chat.sends("房贷的利率是多少")
        stopped = suggested(chat, anna)[0]
        with chat.house.db.transaction() as tx:
            incidents.stop(tx, "script", stopped, why="有误", by="li", at=chat.house.clock.now())
        assert stopped not in suggested(chat, anna)

    def test_nothing_where_he_has_said_nothing(self, chat: Chat, anna: Agent) -> None:
        chat.sends(choice="human")
        claimed(chat, anna)
        assert suggested(chat, anna) == []

    def test_not_for_who_may_not_read_it(self, chat: Chat, anna: Agent) -> None:
        chat.says("转人工")
        claimed(chat, anna)
        with pytest.raises(Forbidden):
            suggested(chat, agent(chat.house, "bert"))


class TestReplies:
    def test_all_of_the_demonstration_bank_pass_the_guard_with_their_blanks_filled(self, house: House) -> None:
        anna = agent(house, "anna")
        found = Scripts(house.desk).replies(anna)
        assert [one["id"] for one in found] == [reply.id for reply in house.knowledge.replies]
        greeting = found[0]
        assert "claim" in greeting["when"]
        assert "坐席anna" in greeting["text"] and house.knowledge.bank.name in greeting["text"]
        assert not any("{" in one["text"] for one in found)

    def test_what_the_guard_would_stop_is_not_put_into_anybodys_hand(self, house: House, said: Knowledge) -> None:
        promise = Reply(id="promise", title="保本", text="这款理财保本保收益，您放心买。")
        current = house.reloads.current
        current.exchange(replace(said, digest="another", replies=(*said.replies, promise)))
        assert "promise" in {reply.id for reply in house.knowledge.replies}
        assert "promise" not in {one["id"] for one in Scripts(house.desk).replies(agent(house, "anna"))}
