"""Times, hours, counts and sums as people say them, and what is held against the bank's figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.compliance import Context, Verdict, check
from bot.compliance.quantities import CLOCK, COUNT, DURATION, RATE, SUM, kind_and_values, quantities
from bot.conversation.speech import facts
from bot.knowledge import Knowledge
from bot.knowledge.model import Disclosure

from .conftest import DAY


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("三十天之内", DURATION, {720}),
        ("3个工作日", DURATION, {72}),
        ("三五天", DURATION, {72, 120}),
        ("一个半月", DURATION, {1080}),
        ("半个月", DURATION, {360}),
        ("24h出结果", DURATION, {24}),
        ("一周回您", DURATION, {168}),
        ("当天就能办完", DURATION, {0}),
        ("营业到五点", CLOCK, {300, 1020}),
        ("晚上八点关门", CLOCK, {1200}),
        ("下午五点半", CLOCK, {1050}),
        ("09:30开门", CLOCK, {570}),
        ("刷三次", COUNT, {3}),
        ("十万以下", SUM, {100_000}),
        ("最多两千", SUM, {2000}),
        ("5万美元", SUM, {50_000}),
        ("免费领", SUM, {0}),
        ("二十来块", SUM, {20}),
        ("首付一成", RATE, {10}),
    ],
)
def test_is_read_in_one_unit(text: str, kind: str, values: set[int]) -> None:
    (found,) = quantities(text)
    assert (found.kind, found.values) == (kind, {Decimal(v) for v in values})


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01",
        "2026年11月1日",
        "《2026年第3号公告》",
        "24小时专线",
        "9月的账单",
        "收不收费",
        "这一分钟",
        "第三次",
        "R2",
        "先核实当天柜台的情况",
        "调取当日的录像",
    ],
)
def test_is_none(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        ("3个工作日", DURATION),
        ("09:00—17:00", CLOCK),
        ("6次", COUNT),
        ("5万元", SUM),
        ("3.05%", RATE),
        ("另行公布", None),
    ],
)
def test_a_figure_has_one_kind(shown: str, kind: str | None) -> None:
    assert (kind_and_values(shown) or (None,))[0] == kind


def judged(text: str, knowledge: Knowledge, disclosures: list[Disclosure]) -> Verdict:
    return check(text, Context(author="agent", facts=facts(knowledge, DAY)), knowledge.guard, disclosures)


@pytest.mark.parametrize(
    "text",
    [
        "吞掉的卡给您留三十天，慢慢来取",
        "口头挂失管15天",
        "我们晚上八点才关门",
        "三类户里最多放五千",
        "信用卡刷三次就免年费",
        "网银盾免费领",
        "投诉的话三天就办完",
        "首付一成就行，房贷",
    ],
)
def test_another_figure_than_the_banks_is_refused(
    text: str, knowledge: Knowledge, disclosures: list[Disclosure]
) -> None:
    verdict = judged(text, knowledge, disclosures)
    assert verdict.action == "refuse" and "figure" in {f.rule for f in verdict.findings}


@pytest.mark.parametrize(("text", "source"), [("吞卡保管3个工作日", "手册"), ("口头挂失有效期5天", "账户管理办法")])
def test_the_banks_own_without_a_source_is_completed_with_it(
    text: str, source: str, knowledge: Knowledge, disclosures: list[Disclosure]
) -> None:
    verdict = judged(text, knowledge, disclosures)
    assert verdict.action == "complete" and source in (verdict.completed_text or "")


@pytest.mark.parametrize(
    "text",
    [
        "您账单上那38元我去查一下",
        "您说的“三十天”我没有听说过，吞卡的事我帮您问网点",
        "我三十分钟后给您回电",
        "您上周取的两千已经入账",
        "骗子常说“月入百分之十”，都是套路",
    ],
)
def test_what_is_the_customers_or_anothers_is_left_alone(
    text: str, knowledge: Knowledge, disclosures: list[Disclosure]
) -> None:
    rules = {f.rule for f in judged(text, knowledge, disclosures).findings}
    assert not rules & {"figure", "unsourced"}
