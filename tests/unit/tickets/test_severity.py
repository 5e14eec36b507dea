"""Four levels by words and amounts (000-68, C5)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.knowledge.model import Complaints
from bot.tickets.model import Severity
from bot.tickets.severity import largest_amount, severity_of


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        ("柜员态度不好，让我等了一个小时", "一般"),
        ("你们乱收费", "重要"),
        ("你們亂收費", "重要"),  # traditional characters
        ("转账八千元没到账", "重要"),
        ("转账4999元没到账", "一般"),
        ("转账５０００元没到账", "重要"),  # full width; the limit itself counts
        ("十二万块钱不见了", "重大"),
        ("我要找媒体，你们乱收费", "重大"),  # the highest wins
        ("我被骗了200元", "紧急"),
        ("五十万的存款没了", "紧急"),
        ("卡号〔卡号·尾号8000〕取不出钱", "一般"),  # a token is no amount
        ("2026年11月3日去的网点", "一般"),  # a date is no amount
        ("", "一般"),
    ],
)
def test_severity(facts: str, severity: str, rules: Complaints) -> None:
    assert severity_of(facts, rules) is Severity(severity)


def test_the_largest_amount_counts() -> None:
    assert largest_amount("扣了我300元，一共损失1.2万") == Decimal(12000)
    assert largest_amount("没有说钱") is None


def test_levels_are_ordered() -> None:
    assert [s.value for s in Severity.URGENT.and_lower] == ["一般", "重要", "重大", "紧急"]
    assert Severity.ORDINARY.and_lower == (Severity.ORDINARY,)
