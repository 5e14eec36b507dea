"""Whom a complaint names."""

from __future__ import annotations

import pytest

from bot.text.mask import mask
from bot.tickets.recusal import accused

OFFICERS = {"zhangwei": "小前001", "8021": "小林", "cs077": "小云", "li.hua": "前小李"}


@pytest.mark.parametrize(
    ("facts", "who"),
    [
        ("小林骂人", ["8021"]),
        ("工号8021骂人", ["8021"]),
        ("我要投诉工号：８０２１的客服", ["8021"]),
        ("他说工号是 8021，然后挂断", ["8021"]),
        ("8021号坐席骂人", ["8021"]),
        ("工号001态度很差", ["zhangwei"]),
        ("工号077态度很差", ["cs077"]),
        ("工号CS077态度很差", ["cs077"]),
        ("那个zhangwei骂人", ["zhangwei"]),
        ("ZhangWei，骂人", ["zhangwei"]),
        ("li.hua骂人", ["li.hua"]),
    ],
)
def test_finds_who_is_named(facts: str, who: list[str]) -> None:
    assert accused(mask(facts, names=True).text, OFFICERS, [], False) == tuple(who)


@pytest.mark.parametrize(
    "facts", ["多扣了8021元", "等了077分钟，叫号001", "zhangweiming骂人", "工号80211骂人", "工号忘了"]
)
def test_finds_nobody_in_other_numbers_and_names(facts: str) -> None:
    assert accused(facts, OFFICERS, [], False) == ()
