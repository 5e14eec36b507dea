"""Products in customers' words, by the bank's own list."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from bot.nlu import products
from bot.settings import ROOT


@pytest.fixture(scope="module")
def listed() -> dict[str, list[str]]:
    rows = YAML(typ="safe", pure=True).load(ROOT / "knowledge" / "products.yml")
    return {row["id"]: [row["name"], *row["words"]] for row in rows}


@pytest.mark.parametrize(
    "text, product",
    [
        ("房贷利率是多少", "mortgage"),
        ("想办个按揭", "mortgage"),
        ("大額存單怎么买", "large_cd"),  # traditional characters
        ("信用卡分期手续费", "instalment"),  # the longest name wins over 信用卡
        ("信用卡怎么还", "credit_card"),
        ("结构性存款保本吗", "structured_deposit"),
    ],
)
def test_found_by_customers_words(listed: dict[str, list[str]], text: str, product: str) -> None:
    found = products.find(products.ruler(listed), text)
    assert [one for one, _, _ in found] == [product]
    _, start, end = found[0]
    assert 0 <= start < end <= len(text)


def test_none_where_none_is_named(listed: dict[str, list[str]]) -> None:
    assert products.find(products.ruler(listed), "你们几点开门") == []
    assert products.find(products.ruler(listed), "公积金怎么查") == []  # 基金 is not in it


def test_a_word_belongs_to_one_product(listed: dict[str, list[str]]) -> None:
    words = [word for called in listed.values() for word in set(called)]
    assert len(words) == len(set(words))
