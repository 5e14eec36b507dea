"""What kind of complaint it is, read off the customer's words by the rules of complaints.yml. Pure.

Only a proposal: a person confirms or changes it, with a reason (000-78, 001-11, 003-11).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bot.knowledge.complaints import Axis, AxisValue
from bot.text.normalise import normalise
from bot.tickets.severity import largest_amount


def propose(facts: str, axes: Iterable[Axis]) -> dict[str, str]:
    """Axis -> the value that most speaks for; the first one where nothing does."""
    text, amount = normalise(facts), largest_amount(facts)
    return {axis.id: max(axis.values, key=lambda value: _speaks(value, text, amount)).id for axis in axes}


def topic(classes: dict[str, str]) -> str:
    """What a burst of cases is about: business and nature."""
    return f"{classes.get('business', '')}·{classes.get('nature', '')}"


def _speaks(value: AxisValue, text: str, amount: Decimal | None) -> int:
    """How many of its words stand in the text; a large sum counts as one. `max` keeps the first of equals."""
    large = value.amount_from is not None and amount is not None and amount >= value.amount_from
    return sum(normalise(word) in text for word in value.words) + large
