"""How the guard sees through disguises, tells quotation from promise, and one product's figure from another's."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from pydantic import ValidationError

from bot.compliance import Context, Facts, Verdict, check
from bot.compliance.labelled import read as read_set
from bot.compliance.reading import read, without_brackets
from bot.compliance.words import Ending, pattern
from bot.knowledge import Knowledge
from bot.knowledge.guard import Guard
from bot.knowledge.model import Disclosure
from bot.settings import ROOT

Rules = Callable[[str], set[str]]


@pytest.fixture
def verdict(knowledge: Knowledge, disclosures: list[Disclosure]) -> Callable[[str], Verdict]:
    facts = Facts(("bank.example",), tuple(knowledge.figures.values()), lambda figures: "出处")
    context = Context(author="agent", facts=facts)
    return lambda text: check(text, context, knowledge.guard, disclosures)


@pytest.fixture
def rules(verdict: Callable[[str], Verdict]) -> Rules:
    return lambda text: {f.rule for f in verdict(text).findings if not f.rule.startswith("missing:")}


@pytest.mark.parametrize("text", ["bao ben", "bǎo běn", "baoben", "保ben", "葆夲", "保（此处省略）本", "保【略】本"])
def test_a_word_is_read_through_letters_look_alikes_and_brackets(rules: Rules, text: str) -> None:
    assert rules(f"理财{text}的") >= {"principal_guaranteed"}


@pytest.mark.parametrize(
    "text", ["bu bao ben", "唔保本", "not principal guaranteed", "产品（不保本）", "bank open Ben"]
)
def test_denials_in_letters_and_dialect_are_denials(rules: Rules, text: str) -> None:
    assert rules(f"理财{text}") == set()


def test_what_was_found_is_shown_as_it_was_typed(verdict: Callable[[str], Verdict]) -> None:
    words = {f.rule: f.words for f in verdict("理财bao ben的，保（略）本").findings}["principal_guaranteed"]
    assert words == ("bao ben", "保（略）本")


@pytest.mark.parametrize(
    "text",
    [
        "骗子常说“稳赚不赔”，别信",
        "“稳赚不赔”这种话我们不能写",
        "您听人说“稳赚不赔”，请看合同",
        "让您“提供验证码”的不是我们",
        "http://t.cn/abc 这个网址是仿冒的",
        "让您加微信 abc123 的是骗子",
    ],
)
def test_what_a_text_cautions_against_is_not_its_own(rules: Rules, text: str) -> None:
    assert rules(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "“稳赚不赔”，您放心买",
        "“稳赚不赔”，不是骗人的",
        "“稳赚不赔”是真的，别信外面的",
        "别信其他网址，http://t.cn/abc 这个是真的",
    ],
)
def test_a_caution_does_not_cover_what_the_author_says_himself(rules: Rules, text: str) -> None:
    assert rules(text) != set()


@pytest.mark.parametrize(
    "text", ["三年定期1.55%", "柜台汇款最多收100元", "手机银行单笔最多50万", "补卡要收15块", "定期三年一点五五个点"]
)
def test_a_figure_of_another_product_is_wrong(rules: Rules, text: str) -> None:
    assert "figure" in rules(text)


@pytest.mark.parametrize("text", ["大额存单三年期1.55%", "房贷3.05到3.60", "一年定期百分之零点九五", "三个月定期0.65"])
def test_the_products_own_figure_lacks_only_its_source(rules: Rules, text: str) -> None:
    assert rules(text) == {"unsourced"}


def test_a_short_title_in_brackets_is_a_source(rules: Rules) -> None:
    assert rules("一年定期0.95%，据《存款利率公告》2026-11-01") == set()
    assert rules("一年定期0.95%，据《公告》2026-11-01") == {"unsourced"}


def test_who_adds_a_products_warning_speaks_of_the_product(
    verdict: Callable[[str], Verdict], knowledge: Knowledge
) -> None:
    warning = knowledge.disclosures["wealth_risk"].text
    assert verdict("闭眼入就对了。").action == "allow"
    assert verdict(f"闭眼入就对了。{warning}").action == "refuse"


def test_a_class_stands_for_its_words() -> None:
    lists = {"triggers": [], "negations": [], "asks_for_secrets": []}
    promise = {"id": "sure", "reason": "r", "words": ["〈肯定〉…【赚/挣】"]}
    guard = Guard(classes=[["肯定", "一定"]], promises=[promise], **lists)
    assert guard.promises[0].words == ("【肯定/一定】…【赚/挣】",)
    with pytest.raises(ValidationError, match="没有"):
        Guard(classes=[["必定"]], promises=[promise], **lists)


def test_the_longest_word_at_the_end_counts() -> None:
    ending = Ending(("是", "不是", "您…说的"))
    assert ending.start("这不是") == 1
    assert ending.start("因为您刚才说的") == 2
    assert ending.start("这是的") is None


def test_a_class_with_many_first_characters_is_found_in_any_place() -> None:
    assert [m[0] for m in pattern(("【肯定/一定】…【赚/挣】", "稳赚")).finditer("稳赚一定能挣肯定亏")] == [
        "稳赚",
        "一定能挣",
    ]


def test_text_without_brackets_is_not_read_twice() -> None:
    assert without_brackets(read("理财不保本"), ()) is None


def test_a_long_text_is_judged_at_once(verdict: Callable[[str], Verdict], knowledge: Knowledge) -> None:
    """Five milliseconds for 1,000 characters where nothing else runs; the bound is for a busy machine."""
    labelled = read_set(ROOT / "data" / "guard" / "first.tsv", knowledge.disclosures.values())
    texts = "。".join(one.text for one in labelled)[:10_000]
    verdict(texts)
    began = process_time()
    verdict(texts)
    assert process_time() - began < 0.6
