"""What people type is held against the bank's own addresses and figures (004-58, L9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from bot.compliance import Context, Facts, Verdict, check
from bot.compliance.figures import typed
from bot.compliance.links import strange_hosts
from bot.knowledge import Knowledge
from bot.knowledge.model import Disclosure, Figure

RATES = {"source": "《贷款利率公告（样例）》", "as_of": date(2026, 11, 1), "authority": "审批结果"}
PRICES = {"source": "《服务价格目录（样例）》", "as_of": date(2026, 11, 1), "authority": "价格目录"}
FIGURES = (
    Figure(id="low", label="房贷年化利率下限", value="3.05", unit="%", **RATES),
    Figure(id="high", label="房贷年化利率上限", value="3.60", unit="%", **RATES),
    Figure(id="card", label="补卡工本费", value="10", unit="元", **PRICES),
    Figure(id="single", label="手机银行单笔限额", value="20", unit="万元", **PRICES),
)
SOURCED = "出处《贷款利率公告（样例）》，2026-11-01，以审批结果为准"


@pytest.fixture
def guard(knowledge: Knowledge, disclosures: list[Disclosure]) -> object:
    def note(figures: Sequence[Figure]) -> str:
        return "来源：" + "、".join(figure.label for figure in figures)

    facts = Facts(("bank.example",), FIGURES, note)

    def judge(text: str, **context: object) -> Verdict:
        return check(text, Context(author="agent", facts=facts, **context), knowledge.guard, disclosures)

    return judge


def rules(verdict: Verdict) -> set[str]:
    return {finding.rule for finding in verdict.findings if not finding.rule.startswith("missing:")}


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("请看 https://www.bank.example/help", ()),
        ("请看 bank.example", ()),
        ("请看 https://bank.example/a.b/c.html?x=d.ef#customer=ab.cd.ef", ()),
        ("请看 https://bank.example/a，或者evil.top", ("evil.top",)),
        ("请看 https://bank.example.evil.top/a", ("bank.example.evil.top",)),
        ("点 t.cn/A6xyz 看看", ("t.cn",)),
        ("点evil.top看看", ("evil.top",)),
        ("ＨＴＴＰ：／／ｔ．ｃｎ", ("t.cn",)),
        ("写信给 mei@mail.example", ("mail.example",)),
        ("写信给 service@bank.example", ()),
        ("合同.pdf 已上传，文件名是 rates.pdf", ()),
        ("版本1.2.3，利率3.05", ()),
        ("mybank.example", ("mybank.example",)),
    ],
)
def test_hosts_that_are_not_the_banks(text: str, hosts: tuple[str, ...]) -> None:
    assert strange_hosts(text, ("bank.example",)) == hosts


@pytest.mark.parametrize("token", ["baoben~wenzhuan~IjAx", "cvv-yzm~vx", "QQ10000123", "保本"])
def test_a_token_in_the_banks_own_address_says_nothing(guard, token: str) -> None:
    assert rules(guard(f"请点 https://bank.example/chat#customer={token} 继续")) == (
        {"principal_guaranteed"} if token == "保本" else set()
    )


def test_a_strange_link_is_refused(guard) -> None:
    verdict = guard("点这里看进度 http://t.cn/abc")
    assert (verdict.action, rules(verdict)) == ("refuse", {"link"})


@pytest.mark.parametrize(
    "text",
    ["房贷年化3.5%", "房贷利率现在34.5%", "房贷年化三点五个点", "补卡手续费收您15元", "手机银行单笔限额最高50万"],
)
def test_a_figure_that_is_not_the_banks_is_refused(guard, text: str) -> None:
    verdict = guard(f"{text}，{SOURCED}", topics=frozenset({"fee"}))
    assert (verdict.action, rules(verdict)) == ("refuse", {"figure"})


def test_the_banks_figure_without_source_is_completed_with_it(guard) -> None:
    verdict = guard("房贷年化3.05%到3.60%")
    assert (verdict.action, rules(verdict)) == ("complete", {"unsourced"})
    assert "来源：房贷年化利率下限、房贷年化利率上限" in verdict.completed_text
    again = guard(verdict.completed_text + SOURCED)
    assert again.action == "allow"


@pytest.mark.parametrize("day", ["2026-11-01", "2026年11月1日", "2026.11.1"])
@pytest.mark.parametrize("title", ["《贷款利率公告（样例）》", "贷款利率公告"])
def test_the_banks_figure_with_source_and_date_may_go(guard, title: str, day: str) -> None:
    assert "unsourced" not in rules(guard(f"房贷年化3.05%，来源{title}，{day}"))


@pytest.mark.parametrize(
    "text", ["您转出的5000元明天上午到", "您排在第3位", "我15分钟后回您", "您2026年11月3日的投诉", "首付的事请到网点"]
)
def test_the_desks_times_and_the_customers_sums_are_no_figures(guard, text: str) -> None:
    assert rules(guard(text)) == set()


def test_an_approved_script_has_its_sources_already(guard) -> None:
    assert rules(guard("房贷年化3.5%", approved=True, topics=frozenset({"loan"}))) == set()


def test_numbers_are_read_once_and_in_their_order(knowledge: Knowledge) -> None:
    found = typed("房贷3.05%到3.60%，工本费十元，单笔最高20万", knowledge.guard)
    assert [(str(one.value), one.kind) for one in found] == [
        ("3.05", "%"),
        ("3.60", "%"),
        ("10", "元"),
        ("200000", "元"),
    ]
