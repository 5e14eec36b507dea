"""What customers chose when they were asked back becomes lines to learn from."""

from __future__ import annotations

import pytest
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation.choices import all_chosen
from bot.conversation.model import Answer, Clarify
from bot.wiring import House

ASKED = "那个怎么弄 13800138000"
HEARD = "那个怎么弄 〔手机·尾号8000〕"


@pytest.fixture
def chat(any_house: House) -> Chat:
    ask = understood("nlu_fallback", Clarify(("loan_apply", "transfer_howto", "complaint")))
    return Chat(any_house, FakeAssistant({HEARD: ask}, otherwise=understood("branch_hours", Answer("branch_hours"))))


def lines(chat: Chat) -> list[str]:
    return [str(one) for one in all_chosen(chat.house.db, chat.house.knowledge)]


@pytest.mark.parametrize("answer", [{"choice": "transfer_howto"}, {"text": "2"}, {"text": "第二个"}])
def test_by_button_or_by_number(chat: Chat, answer: dict[str, str]) -> None:
    asked_back = chat.says(ASKED)
    assert "1 " in asked_back.payload["text"] and "2 " in asked_back.payload["text"]
    chat.sends(**answer)
    (line,) = lines(chat)
    text, label, offered = line.split("\t")
    assert (label, offered) == ("transfer_howto", "loan_apply,transfer_howto,complaint")
    assert text.startswith("那个怎么弄") and "13800138000" not in text


def test_the_typed_number_stands_as_it_was_typed_with_the_choice_it_means(chat: Chat) -> None:
    chat.says(ASKED)
    chat.sends(text="2")
    typed = chat.events[-1].payload
    assert (typed["text"], typed["choice"]) == ("2", "transfer_howto")


def test_new_words_or_another_button_say_nothing_about_the_first_ones(chat: Chat) -> None:
    chat.says(ASKED)
    chat.says("几点开门")
    chat.says(ASKED)
    chat.presses("branch_location")
    assert lines(chat) == []


def test_a_number_without_anything_offered_is_a_word(chat: Chat) -> None:
    chat.says("几点开门")
    chat.house.clock.advance(1)
    chat.sends(text="99")
    assert chat.events[-1].payload.get("choice") is None
