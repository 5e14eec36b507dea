"""The catalogue of failures: each has a status, a type of its own, a default message and the bank's words."""

from __future__ import annotations

import importlib
import pkgutil
from inspect import getdoc

import pytest

import bot
from bot.channels.wechat.credential import NoToken
from bot.channels.wechat.errors import WechatRefused
from bot.channels.wechat.fates import Fate, Sent
from bot.channels.wechat.wire import Unanswered
from bot.errors import InvalidInput, KnowledgeError, QiantaiError, TooManyRequests
from bot.knowledge import Knowledge

HEAVY = ("bot.assistant.", "bot.nlu", "bot.migrations")  # need Rasa or a running migration; errors.py is read below


def every_error() -> list[type[QiantaiError]]:
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if not module.name.startswith(HEAVY):
            importlib.import_module(module.name)
    importlib.import_module("bot.assistant.errors")
    found: list[type[QiantaiError]] = [QiantaiError]
    for error in found:
        found.extend(child for child in error.__subclasses__() if child.__module__.startswith("bot."))
    return found


ERRORS = every_error()
ARGUMENTS: dict[type[QiantaiError], tuple[tuple, dict]] = {
    TooManyRequests: ((5,), {}),
    WechatRefused: (("xml",), {}),
    Unanswered: (("reset",), {"left": True}),
    NoToken: ((Sent(Fate.STOPPED),), {}),
}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_has_a_message_of_its_own_and_words_in_knowledge(error: type[QiantaiError], said: Knowledge) -> None:
    given, named = ARGUMENTS.get(error, ((), {}))
    raised = error(*given, **named)
    assert raised.message == str(raised)
    assert raised.message.startswith(str(getdoc(error)))
    assert error.__doc__, "the docstring is the default message"
    assert 400 <= error.status < 600
    phrase = said.phrases.get(raised.phrase)
    assert phrase is not None, f"knowledge/phrases.yml lacks {raised.phrase}"


def test_every_type_is_one_errors_own() -> None:
    """But for kinds of one failure that only we tell apart."""
    types = [error.type for error in ERRORS if "type" in vars(error)]
    assert len(types) == len(set(types))


def test_the_words_are_knowledges_and_not_pythons() -> None:
    error = InvalidInput("text too long", phrase="too_long", values={"limit": "1000"}, field="text")
    assert (error.message, error.phrase, error.values, error.extra) == (
        "text too long",
        "too_long",
        {"limit": "1000"},
        {"field": "text"},
    )


def test_an_error_without_a_phrase_takes_that_of_its_type() -> None:
    assert (InvalidInput().phrase, KnowledgeError().phrase) == ("problem_invalid_input", "problem_knowledge")
