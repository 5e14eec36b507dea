"""knowledge/guard.yml as an object: the words that the guard (`bot.compliance`) reads with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import Field, root_validator

from bot.knowledge.fields import Dated, Frozen, Identifier

_CLASS = re.compile(r"〈([^〉]*)〉")


class Trigger(Dated):
    """Words of a text that put it under a topic, whoever typed it and with whatever intent."""

    topic: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = Field((), description="words around that take the topic away again")


class Promise(Dated):
    """A forbidden wording. `words` are plain texts, matched with negation and quotation understood; in them "…" stands
    for up to ten characters of the same clause and 【a/b】 for one of both."""

    id: Identifier
    reason: str
    words: tuple[str, ...]
    topics: tuple[str, ...] = Field((), description="only under these topics; empty: always")
    allowed_in: tuple[str, ...] = Field((), description="longer wordings in which it is no promise")
    unless: tuple[str, ...] = Field((), description="words anywhere in the text that make it proper (年化 beside 日息)")
    cautioned: bool = Field(False, description="a caution beside it makes a warning of it: 让您加微信的别信")
    approved_ok: bool = Field(False, description="may stand in a script that was approved: 马上到账")


class Bounds(Frozen):
    """From which likelihood of the second reader on a text is refused, and from which the agent is asked to look again;
    below `trust` a find of the lists is believed only so far that he is asked."""

    reason: str
    refuse: float = Field(..., gt=0, le=1)
    look: float = Field(..., gt=0, le=1)
    trust: float = Field(0, ge=0, lt=1)


class Guard(Frozen):
    """All word lists. A list in `classes` is named by its first word: 〈肯定〉 elsewhere is any word of that list."""

    classes: tuple[tuple[str, ...], ...] = ()
    spellings: tuple[tuple[str, ...], ...] = Field((), description="what stands for a character: 保 is also bao, 葆")
    triggers: tuple[Trigger, ...]
    promises: tuple[Promise, ...]
    negations: tuple[str, ...]
    asks_for_secrets: tuple[str, ...]
    bridges: tuple[str, ...] = Field((), description="may stand between a negation and the promise: 能, 承诺, 是")
    denials: tuple[str, ...] = Field((), description="take a promise back from behind: …的说法不可信")
    quotes: tuple[str, ...] = Field((), description="the words of others follow: 您问的, 对方承诺")
    cautions: tuple[str, ...] = Field((), description="what stands in quotation marks beside them is not the author's")
    affirmations: tuple[str, ...] = Field((), description="make others' words one's own: 您说的保本，有的")
    warnings: tuple[str, ...] = Field((), description="before a mention of a secret: it is not being asked for")
    fillers: tuple[str, ...] = Field((), description="look like a negation and are none: 不要着急")
    figure_words: tuple[str, ...] = Field((), description="a sum beside them is a price or a limit: 手续费, 限额")
    owned_sums: tuple[str, ...] = Field((), description="a sum beside them is the customer's or the law's: 余额")
    owned_rates: tuple[str, ...] = Field((), description="a percentage beside them is a move or an example: 跌, 假设")
    rate_words: tuple[str, ...] = Field((), description="numbers beside them are rates, also without %: 利率, 房贷")
    second_reader: dict[Literal["promise", "secret", "link"], Bounds] = Field({}, description="what it is trusted with")
    courtesies: tuple[str, ...] = Field((), description="a text of nothing else is about no topic: 好的，请稍等")

    def on(self, day: date) -> Guard:
        """The rules of one day."""
        triggers = tuple(one for one in self.triggers if one.in_force(day))
        promises = tuple(one for one in self.promises if one.in_force(day))
        if (len(triggers), len(promises)) == (len(self.triggers), len(self.promises)):
            return self
        return self.copy(update={"triggers": triggers, "promises": promises})

    @root_validator(pre=True)
    def _classes_stand_for_their_words(cls, values: dict[str, Any]) -> dict[str, Any]:
        named = {row[0]: row for row in values.get("classes") or () if isinstance(row, (list, tuple)) and row}
        return {key: value if key == "classes" else _written_out(value, named) for key, value in values.items()}


def _written_out(value: Any, named: Mapping[str, Sequence[str]]) -> Any:
    """〈肯定〉 as 【肯定/一定/…】, in whatever holds words."""
    if isinstance(value, str):
        return _CLASS.sub(lambda m: "【" + "/".join(_words(m[1], named)) + "】", value)
    if isinstance(value, Mapping):
        return {key: _written_out(one, named) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_written_out(one, named) for one in value]
    return value


def _words(name: str, named: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if name not in named:
        raise ValueError(f"classes 里没有以“{name}”开头的一行")
    return named[name]
