"""Invented figures in what customers are told. Pure."""

from __future__ import annotations

from datetime import date

from bot.knowledge.snapshot import Knowledge


def served_samples(knowledge: Knowledge, day: date) -> dict[str, tuple[str, ...]]:
    """Scripts in force on `day` that use sample figures, and which: script id -> figure ids."""
    found = {
        str(script.id): tuple(id_ for id_ in script.figures if knowledge.figures[id_].sample)
        for script in knowledge.scripts.values()
        if script.valid_on(day)
    }
    return {id_: figures for id_, figures in found.items() if figures}
