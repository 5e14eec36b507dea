"""Log lines: short, on stderr, never with a customer's words."""

from __future__ import annotations

import logging


def configure() -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%H:%M:%S"
    )
    for noisy in ("rasa", "tensorflow", "sanic.access", "alembic", "httpx", "matplotlib", "jieba"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
