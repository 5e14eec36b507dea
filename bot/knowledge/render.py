"""From an approved script to the text that is said: figures filled in, with source, date and authority (004-58)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.knowledge.model import Bank, Figure, Phrase, Reference, Rendered, Script
from bot.knowledge.templates import blanks, day_in_words, fill


def shown(figure: Figure) -> str:
    """A figure as a sentence has it: 3.05%, 5万元, 每日 08:00—22:00."""
    value = format(figure.value, "f") if isinstance(figure.value, Decimal) else figure.value
    return f"{value}{figure.unit}"


def bank_values(bank: Bank) -> dict[str, str]:
    return {"bank": bank.name, "hotline": bank.hotline, "loss_line": bank.loss_line, "hours": bank.hours}


def sources(figures: Sequence[Figure], phrases: Mapping[str, Phrase]) -> str:
    """One line that names source, date and authority of all figures, each combination once."""
    if not figures:
        return ""
    note = phrases["figure_note"].text
    keys = dict.fromkeys((figure.source, figure.as_of, figure.authority) for figure in figures)
    notes = [
        fill(note, {"source": source, "date": day_in_words(as_of), "authority": authority})
        for source, as_of, authority in keys
    ]
    return fill(phrases["figure_notes"].text, {"notes": "；".join(notes)})


def render(
    script: Script,
    wording: int,
    figures: Mapping[str, Figure],
    phrases: Mapping[str, Phrase],
    bank: Bank,
    disclosures: tuple[str, ...],
    choices_open: frozenset[str],
    channel: str | None = None,
    large_type: bool = False,
) -> Rendered:
    """`wording` counts the answers given so far: 0 is the first text; later ones go round and never stand still.

    `choices_open` are the choice ids that lead somewhere on that day.
    """
    variant, texts = script.wordings(channel, large_type)
    template = texts[wording % len(texts)]
    used = tuple(name for name in blanks(template) if name in figures)
    values = {**bank_values(bank), **{name: shown(figures[name]) for name in used}}
    body = fill(template, values)
    note = sources([figures[name] for name in used], phrases)
    return Rendered(
        text=f"{body}\n\n{note}" if note else body,
        variant=variant,
        script=Reference(id=script.id, version=script.version),
        topics=script.topics,
        disclosures=disclosures,
        figures=used,
        choices=tuple(choice for choice in script.choices if choice.id in choices_open),
    )
