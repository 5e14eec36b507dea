"""Invented figures in what customers are told. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.clock import day_of
from bot.errors import ConfigurationError
from bot.knowledge.snapshot import Knowledge

SHOWN = 3  # how many ids an error names


def served_samples(knowledge: Knowledge, day: date) -> dict[str, tuple[str, ...]]:
    """Scripts in force on `day` that use sample figures, and which: script id -> figure ids."""
    knowledge = knowledge.on(day)
    found = {
        str(script.id): tuple(id_ for id_ in script.figures if knowledge.figures[id_].sample)
        for script in knowledge.scripts.values()
        if script.valid_on(day)
    }
    return {id_: figures for id_, figures in found.items() if figures}


def refuse_samples(knowledge: Knowledge, now: datetime) -> None:
    """In production customers must not be told invented rates. Raises ConfigurationError that names the first ones."""
    used = served_samples(knowledge, day_of(now))
    if used:
        figures = list(dict.fromkeys(id_ for ids in used.values() for id_ in ids))
        raise ConfigurationError(
            f"{len(figures)} sample figures are told to customers today, by {len(used)} scripts: "
            f"{_first(figures)} (scripts {_first(list(used))}). Put the bank's own in knowledge/figures.yml "
            "and take away their `sample: true`"
        )


def _first(ids: Sequence[str]) -> str:
    return ", ".join(ids[:SHOWN]) + (" ..." if len(ids) > SHOWN else "")
