"""The stage itself: a dialogue that goes otherwise is told of, step by step, and so is what must never happen."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from always import broken
from dialogues import Dialogue, read
from stage import play, transcript
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation.model import Answer, Line
from bot.wiring import House

ASKED = "房贷利率多少"


@pytest.fixture
def chat(house: House) -> Chat:
    rate = understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")
    return Chat(house, FakeAssistant({ASKED: rate, "你好": understood("greet", Line("greet"))}))


def dialogue(*steps: Mapping[str, Any], **more: Any) -> Dialogue:
    return read({"name": "试一试", "steps": list(steps), **more}, "here")


def played(chat: Chat, *steps: Mapping[str, Any]) -> list[str]:
    return play(dialogue(*steps), chat, lambda: chat.house)


def test_a_dialogue_that_goes_as_written(chat: Chat) -> None:
    expected = {"script": "loan_rate_mortgage", "warnings": ["loan_cost"], "says": ["3.05%"], "state": "BOT"}
    assert played(chat, {"customer": ASKED, "assistant": expected}) == []


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"script": "loan_rate"}, "scripts ['loan_rate'] expected, said ['loan_rate_mortgage']"),
        ({"script": []}, "scripts [] expected"),
        ({"one_of": ["loan_rate", "loan_apply"]}, "one script of"),
        ({"warnings": ["wealth_risk"]}, "warning wealth_risk does not stand whole"),
        ({"choices": ["cancel"]}, "button cancel is not offered"),
        ({"phrase": "greet"}, "line greet expected"),
        ({"asks_back": True}, "asking back"),
        ({"says": "4.05%"}, "“4.05%” is not said"),
        ({"not_says": "3.05%"}, "“3.05%” is said"),
        ({"state": "QUEUED"}, "state QUEUED expected"),
        ({"reason": "asked"}, "reason asked expected"),
        ({"flow": "complaint:facts"}, "flow complaint:facts expected"),
        ({"case": {"severity": "一般"}}, "case severity 一般 expected"),
    ],
)
def test_whatever_is_otherwise_is_told(chat: Chat, expected: dict[str, Any], told: str) -> None:
    (found,) = played(chat, {"customer": ASKED, "assistant": expected})
    assert found.startswith(f"step 1 ({ASKED}): ") and told in found


def test_the_transcript_shows_what_was_understood_and_how_surely(chat: Chat) -> None:
    chat.says(ASKED)
    assert "[loan_rate 0.90" in transcript(chat) and "[loan_rate_mortgage]" in transcript(chat)


@pytest.mark.parametrize(
    "raw",
    [
        {"customer": "你好", "asistant": {}},
        {"customer": "你好", "assistant": {"scirpt": "greet"}},
        {"customer": "你好", "presses": "human"},
        {"assistant": {"state": "BOT"}},
    ],
)
def test_a_slip_of_the_pen_is_an_error_and_not_a_test_that_cannot_fail(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="here: 试一试"):
        dialogue(raw)


class TestWhatHoldsInEveryDialogue:
    def found(self, chat: Chat, folder: Path, **more: Any) -> list[str]:
        return broken(dialogue({"customer": ASKED}, **more), chat, folder / "qiantai.db")

    def rewrite(self, chat: Chat, **payload: Any) -> None:
        """What the last answer would be if something had gone wrong; the log itself stays as it is."""
        log = chat.events
        log[-1] = dataclasses.replace(log[-1], payload={**log[-1].payload, **payload})
        chat.__class__ = type("Rewritten", (Chat,), {"events": log})

    def test_nothing_is_found_in_a_proper_one(self, chat: Chat, tmp_path: Path) -> None:
        chat.says(ASKED)
        assert self.found(chat, tmp_path) == []

    def test_half_a_warning(self, chat: Chat, tmp_path: Path) -> None:
        text = chat.says(ASKED).payload["text"]
        self.rewrite(chat, text=text.replace("逾期可能影响征信", ""))
        found = self.found(chat, tmp_path)
        assert any("without “逾期可能影响征信”" in one for one in found)
        assert any("recorded but does not stand whole" in one for one in found)

    def test_a_figure_without_source(self, chat: Chat, tmp_path: Path) -> None:
        text = chat.says(ASKED).payload["text"]
        self.rewrite(chat, text=text.replace("数据来源：", ""))
        assert any("a figure (3.05%) without a source" in one for one in self.found(chat, tmp_path))

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("这款稳赚", "a promise: 稳赚"),
            ("您好{bank}", "a blank was not filled in"),
            ("请打13800138000", "unmasked 13800138000"),
            ("", "an empty message"),
        ],
    )
    def test_words_that_must_never_go_out(self, chat: Chat, tmp_path: Path, text: str, told: str) -> None:
        chat.says("你好")
        self.rewrite(chat, text=text)
        assert any(told in one for one in self.found(chat, tmp_path))

    def test_denied_promises_are_none(self, chat: Chat, tmp_path: Path) -> None:
        chat.says("你好")
        self.rewrite(chat, text="理财不保本，也不保证收益，没有稳赚的事")
        assert self.found(chat, tmp_path) == []

    def test_the_same_answer_word_for_word(self, chat: Chat, tmp_path: Path) -> None:
        text = chat.says(ASKED).payload["text"]
        chat.says(ASKED)
        self.rewrite(chat, text=text)
        assert any("the same answer word for word" in one for one in self.found(chat, tmp_path))

    def test_what_is_private_in_the_file_of_the_database(self, chat: Chat, tmp_path: Path) -> None:
        chat.says(ASKED)
        assert self.found(chat, tmp_path, private=["没有这句话"]) == []
        assert self.found(chat, tmp_path, private=[ASKED]) == [f"{ASKED} is kept in the database as it was typed"]

    def test_a_chain_that_does_not_hold(self, chat: Chat, tmp_path: Path) -> None:
        chat.says(ASKED)
        with chat.house.db.engine.begin() as connection:
            for (trigger,) in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.exec_driver_sql(f'DROP TRIGGER "{trigger}"')
            connection.exec_driver_sql("UPDATE conversation_events SET actor_name = 'x' WHERE seq = 2")
        assert "the hash chain does not hold at 2" in self.found(chat, tmp_path)
