"""Is a figure believable? A customer must not read 34.5 for 3.45. Pure; limits are data, here and in figures.yml."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.knowledge.model import Figure

MOST = Decimal(36)  # percent: no rate of interest of a bank is higher; `high` of a figure says otherwise
FACTOR = Decimal(3)  # a new value over so many times the old one, or under that part of it, is a slip until confirmed

_RATE = re.compile(r"年化|利率(?:[上下]限)?$")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def numbers(value: Decimal | str) -> tuple[Decimal, ...]:
    """The value itself, or both ends of a range."""
    if isinstance(value, Decimal):
        return (value,)
    return tuple(Decimal(found) for found in _NUMBER.findall(value))


def is_percent(figure: Figure) -> bool:
    return figure.unit == "%"


def outside(figure: Figure) -> str | None:
    """Why the value cannot be right, in words; None: it can. Only figures with a unit and rates have limits."""
    for value in numbers(figure.value):
        if figure.low is not None and value < figure.low:
            return f"{value} 低于合理下限 {figure.low}"
        if figure.high is not None and value > figure.high:
            return f"{value} 高于合理上限 {figure.high}"
        if figure.high is None and is_percent(figure) and _RATE.search(figure.label) and value > MOST:
            return f"利率 {value} 超过 {MOST}"
    return None


def doubtful(old: Figure, new: Figure) -> str | None:
    """Why somebody should look twice before this change is made. Staff's own limits make the look unnecessary."""
    if old.low is not None and old.high is not None:
        return None
    before, after = numbers(old.value), numbers(new.value)
    if old.high is None and is_percent(new) and any(value > MOST for value in after if value not in before):
        return f"百分比超过 {MOST}"
    for was, now in zip(before, after, strict=False):
        if now != was and (now > was * FACTOR or now * FACTOR < was):
            return f"从 {was} 变成 {now}，相差 {FACTOR} 倍以上"
    return None
