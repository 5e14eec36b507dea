"""Who else is named: a mark for the model, another one where the name is only where money comes from."""

from __future__ import annotations

import pytest

from bot.nlu.institutions import BESIDE, OTHER, Others
from bot.nlu.pinyin import terms
from bot.settings import ROOT


@pytest.fixture(scope="module")
def others() -> Others:
    return Others.read(ROOT / "knowledge" / "institutions.yml")


@pytest.mark.parametrize("text", ["借呗怎么开通", "建行快贷利率", "京东白條怎么提额", "支付宝花呗提额"])
def test_another_ones_product(others: Others, text: str) -> None:
    assert OTHER in others.marks(text)


@pytest.mark.parametrize("text", ["用工行卡还你们贷款", "从招行转到你们这要几天", "绑定京东白条扣款的卡"])
def test_another_one_as_a_mere_means(others: Others, text: str) -> None:
    assert others.marks(text) == [BESIDE]


@pytest.mark.parametrize("text", ["房贷利率多少", "你们行几点开门", "农行卡丢了", "微粒贷怎么还款", "银行卡被锁了", ""])
def test_nobody_else(others: Others, text: str) -> None:
    assert others.marks(text) == []


def test_names_are_written_as_texts_are_read(others: Others) -> None:
    assert len(others.names) > 200 and all(name == name.lower().strip() for name in others.names)


def test_sounds() -> None:
    assert terms("利率") == terms("力率") == ["li", "lv", "li lv"]
    assert terms("") == []
