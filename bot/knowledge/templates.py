"""Blanks in texts: {like_this}. One pass, so that a value with braces is never filled again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

_BLANK = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_STRAY = re.compile(r"[{}]")
_SPACE = re.compile(r"[ \t]+\n")


def blanks(text: str) -> tuple[str, ...]:
    """Names of the blanks, each once, in order."""
    return tuple(dict.fromkeys(_BLANK.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Raises KeyError with the name of a blank that has no value."""
    return _SPACE.sub("\n", _BLANK.sub(lambda match: values[match[1]], text)).strip()


def without_blanks(text: str) -> str:
    return _BLANK.sub("", text)


def stray_braces(text: str) -> bool:
    """A brace that opens no blank: a typing mistake that customers would see."""
    return bool(_STRAY.search(without_blanks(text)))


def day_in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
