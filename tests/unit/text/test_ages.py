"""An age that a customer states of himself."""

from __future__ import annotations

import pytest

from bot.text.ages import stated_age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("我七十三了，手机不会弄", 73),
        ("我今年73岁", 73),
        ("本人今年６８周岁，想问问", 68),
        ("我都八十多岁了", 80),
        ("俺快七十的人了", 70),
        ("我七十了，有二十万", 70),
        ("老太婆我今年75了", 75),
        ("我，今年80岁", 80),
        ("你好，今年七十五岁，存折丢了", 75),
        ("我今年三十岁", 30),
        ("我是個七十歲的人了", 70),
    ],
)
def test_is_read(text: str, age: int) -> None:
    assert stated_age(text) == age


@pytest.mark.parametrize(
    "text",
    [
        "我妈今年73岁",
        "我爸爸都八十了",
        "满65岁可以优先吗",
        "70岁还能贷款吗",
        "我转了七十万",
        "我存了80了",
        "我妈不会用手机，今年七十五岁",
        "我家老人七十多了",
        "我等了七十分钟了",
        "我12月70号",
        "我有七十张券",
        "我200岁了",
        "",
    ],
)
def test_of_others_and_other_numbers_are_not(text: str) -> None:
    assert stated_age(text) is None
