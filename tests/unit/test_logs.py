"""Log lines: when, how grave, who says it, what. Never a customer's words."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from support import Chat

from bot import logs
from bot.assistant.fake import FakeAssistant, understood
from bot.conversation.model import Answer, Line
from bot.wiring import House

SECRETS = ("13800138000", "110105194912310021", "Abc12345", "我要投诉柜员")


@pytest.fixture
def handler() -> Iterator[logging.Handler]:
    """What the product sets up on the root logger, and afterwards everything as it was."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    noisy = {name: logging.getLogger(name).level for name in ("rasa", "tensorflow", "sanic.access", "alembic")}
    root.handlers.clear()
    logs.configure()
    (made,) = root.handlers
    root.handlers[:0] = kept
    yield made
    root.removeHandler(made)
    root.setLevel(level)
    for name, before in noisy.items():
        logging.getLogger(name).setLevel(before)


def test_a_line_says_when_how_grave_who_and_what(handler: logging.Handler) -> None:
    record = logging.LogRecord("bot.turns", logging.WARNING, "", 1, "turn %s missed its deadline", (7,), None)
    assert re.fullmatch(r"\d\d:\d\d:\d\d WARNING bot\.turns: turn 7 missed its deadline", handler.format(record))


def test_ours_are_heard_and_the_libraries_only_when_something_is_wrong(handler: logging.Handler) -> None:
    assert logging.getLogger("bot.turns").isEnabledFor(logging.INFO)
    for name in ("rasa.core", "tensorflow", "sanic.access", "alembic.runtime"):
        assert not logging.getLogger(name).isEnabledFor(logging.WARNING)
        assert logging.getLogger(name).isEnabledFor(logging.ERROR)


@pytest.mark.parametrize(
    "outcome",
    [
        understood("branch_hours", Answer("branch_hours")),
        RuntimeError("我要投诉柜员"),
        understood("x", Line("no_such")),
    ],
    ids=["answered", "failed", "could not be said"],
)
def test_nothing_that_a_customer_wrote_stands_in_any_line(
    house: House, caplog: pytest.LogCaptureFixture, outcome: object
) -> None:
    chat = Chat(house, FakeAssistant(otherwise=outcome))
    with caplog.at_level(logging.DEBUG):
        chat.says("我要投诉柜员，电话13800138000，身份证110105194912310021，密码是Abc12345")
        chat.presses("human")
        chat.waits(4000)
    assert not [secret for secret in SECRETS if secret in caplog.text]
