"""What kind of complaint it is, read off the customer's words by the rules of complaints.yml. Pure.

Only a proposal: a person confirms or changes it, with a reason (000-78, 001-11, 003-11).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bot.knowledge.complaints import Axis, AxisValue
from bot.text.normalise import normalise
from bot.tickets.model import Case
from bot.tickets.severity import largest_amount


def propose(facts: str, axes: Iterable[Axis]) -> dict[str, str]:
    """Axis -> the value that most speaks for; the first one where nothing does."""
    text, amount = normalise(facts), largest_amount(facts)
    return {axis.id: max(axis.values, key=lambda value: _speaks(value, text, amount)).id for axis in axes}


def topic(case: Case, axes: Iterable[Axis]) -> str | None:
    """What a burst of cases is about (001-02): the business, and the nature or else the content. None where nothing
    speaks for them: what nobody has named is no topic that two cases share."""
    text, amount = normalise(case.facts), largest_amount(case.facts)
    named = {str(axis.id): value for axis in axes if (value := _named(axis, case, text, amount))}
    about = named.get("nature") or named.get("content")
    return f"{named['business']}·{about}" if about and "business" in named else None


def _named(axis: Axis, case: Case, text: str, amount: Decimal | None) -> str | None:
    """Its class on this axis, where the customer's words speak for it, or a person has said so. The first value is also
    what stands where nothing speaks for another; one without words (其他) says nothing."""
    value = next((one for one in axis.values if one.id == case.classes.get(axis.id)), None)
    if value is None or not (value.words or value.amount_from):
        return None
    spoken = value is not axis.values[0] or case.classified_by or _speaks(value, text, amount)
    return value.id if spoken else None


def _speaks(value: AxisValue, text: str, amount: Decimal | None) -> int:
    """How many of its words stand in the text; a large sum counts as one. `max` keeps the first of equals."""
    large = value.amount_from is not None and amount is not None and amount >= value.amount_from
    return sum(normalise(word) in text for word in value.words) + large
