"""Does a message hold two matters, and does it lean on the one before? By its form alone; the model decides. Pure."""

from __future__ import annotations

import re
from typing import Literal

from bot.text.normalise import has_words, normalise
from bot.text.similarity import ideas_of

SHORTEST = 3  # characters of a part that may be a matter of its own
MOST = 3  # parts that are looked at
LEANS = 12  # characters: a longer message says what it is about

_STRONG = re.compile(r"[。！？!?；;\n]+|(?:另外|还有就是|还有|顺便|再问一下|再问个|再就是|以及|对了)[,，、]?")
_WEAK = re.compile(r"[,，、]+|\s{1,}")
_OTHER_THING = re.compile(r"^(?:那|那么|那要是|那如果是|如果是|要是|换成|换)|呢[?？。!！]*$")


def parts(text: str, weak: bool = False) -> list[str]:
    """What stands between ends of sentences and words such as 另外; `weak`: between commas. None where it is one."""
    found = [one.strip() for one in (_WEAK if weak else _STRONG).split(text)]
    found = [one for one in found if len(one) >= SHORTEST and has_words(one)]
    return found if 1 < len(found) <= MOST else []


def leans(text: str) -> Literal["aspect", "thing"] | None:
    """多久, 要带什么, 怎么操作 name an aspect of something that is not named; 那信用贷呢 names another thing for the
    same question. None: the message stands by itself."""
    if len(text.strip()) > LEANS:
        return None
    kinds, rest = ideas_of(text)
    if kinds == {"thing"} and rest <= 2 and _OTHER_THING.search(normalise(text).strip()):
        return "thing"
    if kinds and kinds <= {"aspect", "entity"} and rest <= 2:
        return "aspect"
    return None
