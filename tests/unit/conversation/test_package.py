"""The wire form of events, and what an agent gets with a conversation."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import SUNDAY_NOON, Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation.model import BOT, Answer, Clarify, EndThread, Event, Handover
from bot.conversation.package import WIRE_FIELDS, topic_words, wire, wire_outside
from bot.desk.staff import Agent
from bot.knowledge import Knowledge
from bot.wiring import House

VALUES = st.one_of(st.none(), st.text(max_size=8), st.lists(st.text(max_size=4), max_size=2))
PAYLOADS = st.dictionaries(st.sampled_from([*WIRE_FIELDS, "choice", "internal", "other"]), VALUES)


def event(payload: dict) -> Event:
    return Event("c", 3, 1, SUNDAY_NOON, "message", BOT, payload, "a-key", "0" * 64, "f" * 64)


class TestTheWire:
    @given(PAYLOADS)
    def test_carries_the_designs_fields_and_nothing_else(self, payload: dict) -> None:
        sent = wire(event(payload))
        assert {"seq", "at", "kind", "actor", "text"} <= set(sent)
        assert set(sent) <= {"seq", "at", "kind", "actor", *WIRE_FIELDS}

    @given(st.text(min_size=5))
    def test_nothing_internal_leaves(self, secret: str) -> None:
        hidden = {"secret": f"internal {secret}", "understanding": {"intent": secret}}
        sent = wire(event({"text": "您好", "internal": hidden}))
        assert sent == wire(event({"text": "您好"}))

    def test_neither_chain_nor_key_leaves(self) -> None:
        sent = json.dumps(wire(event({"text": "您好"})))
        assert "a-key" not in sent and "0" * 64 not in sent and "f" * 64 not in sent

    @pytest.mark.parametrize(("holder", "shown"), [("bot", "bot"), (None, None), ("mei.li", "agent")])
    def test_an_agents_user_name_stays_in_the_house(self, holder: str | None, shown: str | None) -> None:
        moved = event({"text": "", "state": "HUMAN", "holder": holder})
        assert wire_outside(moved).get("holder") == shown
        assert wire(moved).get("holder") == holder

    def test_times_are_rfc_3339_with_offset(self) -> None:
        assert wire(event({}))["at"] == "2026-11-22T12:00:00.000+08:00"


@pytest.fixture
def chat(house: House) -> Chat:
    rate = understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")
    return Chat(
        house,
        FakeAssistant(
            {
                "房贷利率是多少": rate,
                "那个啥": understood("nlu_fallback", Clarify(("loan_rate",)), confidence=0.2),
                "转人工": understood("human_agent", Handover("asked")),
            }
        ),
    )


def packed(chat: Chat) -> dict:
    supervisor = Agent("super1", "主管", ("supervisor",), 3, "ready", None, None)
    return chat.house.desk.conversation(supervisor, chat.id)["package"]


class TestThePackage:
    def test_of_a_customer_who_went_straight_to_a_person(self, chat: Chat) -> None:
        chat.presses("human")
        package = packed(chat)
        assert package["reason"]["code"] == "asked"
        assert (package["attempts"], package["misunderstandings"], package["topic"]) == ([], 0, "")
        assert package["summary"].startswith(package["reason"]["text"])

    def test_tells_the_whole_story_in_one_look(self, chat: Chat, said: Knowledge) -> None:
        for text in ("房贷利率是多少", "那个啥", "转人工"):
            chat.says(text)
        package = packed(chat)
        assert package["topic"] == f"{said.intents['loan_rate'].words} · {said.products['mortgage'].name}"
        assert [attempt["asked"] for attempt in package["attempts"]] == ["房贷利率是多少", "那个啥"]
        assert package["attempts"][0]["answered"] == chat.said("loan_rate_mortgage")[0].payload["text"]
        assert package["misunderstandings"] == 1
        assert package["entities"] == [{"entity": "product", "value": said.products["mortgage"].name}]

    def test_names_the_branch_that_he_named(self, chat: Chat, said: Knowledge) -> None:
        named = tuple({"entity": "branch", "value": value, "start": 0, "end": 1} for value in ("east", "closed_since"))
        answer = understood("branch_hours", Answer("branch_hours"))
        chat.assistant.script["几点开门"] = replace(answer, understanding=replace(answer.understanding, entities=named))
        chat.says("几点开门")
        assert packed(chat)["entities"] == [
            {"entity": "branch", "value": said.branches["east"].name},
            {"entity": "branch", "value": "closed_since"},
        ]

    def test_keeps_of_which_currency_an_amount_is(self, chat: Chat) -> None:
        named = ({"entity": "amount", "value": "5000", "currency": "USD", "start": 1, "end": 2},)
        answer = understood("branch_hours", Answer("branch_hours"))
        chat.assistant.script["几点开门"] = replace(answer, understanding=replace(answer.understanding, entities=named))
        chat.says("几点开门")
        assert packed(chat)["entities"] == [{"entity": "amount", "value": "5000", "currency": "USD"}]

    def test_names_every_warning_given(self, chat: Chat, said: Knowledge) -> None:
        chat.says("房贷利率是多少")
        shown = chat.said("loan_rate_mortgage")[0].payload["disclosures"]
        assert packed(chat)["warnings"] == [{**one, "title": said.disclosures[one["id"]].title} for one in shown]

    def test_knows_the_topic_after_the_thread_has_ended(self, chat: Chat, said: Knowledge) -> None:
        chat.says("房贷利率是多少")
        chat.presses("solved")
        assert packed(chat)["topic"] == said.intents["loan_rate"].words

    def test_a_yes_to_a_form_is_no_topic(self, house: House, said: Knowledge) -> None:
        assistant = FakeAssistant(
            {
                "房贷利率是多少": understood("loan_rate", Answer("loan_rate_mortgage")),
                "好的": understood("affirm", EndThread()),
                "转人工": understood("human_agent", Handover("asked")),
            }
        )
        chat = Chat(house, assistant)
        for text in ("房贷利率是多少", "好的", "转人工"):
            chat.says(text)
        assert packed(chat)["topic"] == said.intents["loan_rate"].words

    def test_says_where_he_came_from_and_names_the_branch(self, house: House, chat: Chat, said: Knowledge) -> None:
        came = {"page": "https://bank.example/loans", "branch": "east", "campaign": "spring"}
        chat.id = house.conversations.start("web", context=came).id
        assert packed(chat)["context"] == {**came, "branch": said.branches["east"].name}

    def test_keeps_the_id_of_a_branch_that_was_closed(self, house: House, chat: Chat) -> None:
        chat.id = house.conversations.start("web", context={"branch": "no_longer"}).id
        assert packed(chat)["context"] == {"branch": "no_longer"}

    def test_of_somebody_who_came_from_nowhere(self, chat: Chat) -> None:
        assert packed(chat)["context"] == {}


@pytest.mark.parametrize(
    ("topic", "words"),
    [(None, ""), ("no_such_intent", "no_such_intent"), ("no_such_intent/no_such", "no_such_intent · no_such")],
)
def test_a_topic_that_knowledge_no_longer_has_is_shown_by_its_name(
    said: Knowledge, topic: str | None, words: str
) -> None:
    assert topic_words(topic, said) == words
