"""From a script to what is said: figures with source, date and authority (004-58)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from specimen import Folder

from bot.knowledge import Knowledge
from bot.knowledge.templates import blanks, fill, stray_braces


def said(known: Knowledge, script: str, wording: int, day: date) -> str:
    return known.render(known.script(script), wording, day).text


def test_a_figure_stands_with_its_unit_and_keeps_its_last_digit(small: Knowledge, spring: date) -> None:
    assert said(small, "loan_rate_mortgage", 0, spring).startswith("年化3.10%。")


def test_source_date_and_authority_close_the_answer(small: Knowledge, spring: date) -> None:
    assert said(small, "loan_rate_mortgage", 0, spring) == (
        "年化3.10%。\n\n数据来源：《利率公告》（2026年10月1日），以合同为准。"
    )


def test_figures_of_two_sources_name_both(small: Knowledge, spring: date) -> None:
    assert said(small, "card_loss", 1, spring).splitlines()[-1] == (
        "数据来源：《价目表》（2026年11月1日），以网点公示为准；《服务手册》（2026年11月1日），以实际情况为准。"
    )


def test_figures_of_one_source_name_it_once(folder: Folder, spring: date) -> None:
    folder.change("figures.yml", "《服务手册》", "《价目表》").change("figures.yml", "实际情况", "网点公示")
    assert said(folder.load(), "card_loss", 1, spring).count("《价目表》") == 1


def test_only_the_figures_of_this_wording_are_named(small: Knowledge, spring: date) -> None:
    rendered = small.render(small.script("card_loss"), 0, spring)
    assert rendered.figures == ("card_fee",)
    assert "《服务手册》" not in rendered.text


def test_an_answer_without_figures_names_no_source(small: Knowledge, spring: date) -> None:
    assert said(small, "card_found", 0, spring) == "在手机银行解除挂失。"


def test_the_bank_fills_its_own_blanks(small: Knowledge, spring: date) -> None:
    assert "请马上拨打 400-000-0001 挂失" in said(small, "card_loss", 0, spring)


def test_wordings_go_round_and_never_stand_still(small: Knowledge, spring: date) -> None:
    texts = [said(small, "card_loss", wording, spring) for wording in range(6)]
    assert texts[0] == texts[2] == texts[4]
    assert all(a != b for a, b in pairwise(texts))


def test_what_the_law_wants_beside_it_goes_with_it(folder: Folder, spring: date) -> None:
    folder.change("scripts/all.yml", "figures: [rate]", "figures: [rate]\n  disclosures: [about_fee, about_loan]")
    known = folder.load()
    rendered = known.render(known.script("loan_rate_mortgage"), 0, spring)
    assert rendered.topics == ("loan",)
    assert rendered.disclosures == ("about_fee", "about_loan")


def test_the_script_and_its_version_are_named(small: Knowledge, spring: date) -> None:
    assert small.render(small.script("card_loss"), 0, spring).script.dict() == {"id": "card_loss", "version": 3}


def test_a_button_to_an_expired_answer_is_left_out(small: Knowledge, spring: date, autumn: date) -> None:
    script = small.script("card_loss")
    assert [c.id for c in small.render(script, 0, spring).choices] == ["card_found", "human"]
    assert [c.id for c in small.render(script, 0, autumn).choices] == ["human"]


def test_blanks_are_named_once_and_in_order() -> None:
    assert blanks("{b}{a}{b} { a } {A}") == ("b", "a")


def test_a_value_is_not_filled_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "x"}) == "{b}"


def test_what_is_no_blank_is_left_alone() -> None:
    assert fill("{a.upper} {0} {a!r}", {"a": "x"}) == "{a.upper} {0} {a!r}"


def test_filling_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("{a}", {})


@pytest.mark.parametrize(
    ("text", "stray"), [("{a}", False), ("a", False), ("{a", True), ("a}", True), ("{A}", True), ("{ a }", True)]
)
def test_stray_braces(text: str, stray: bool) -> None:
    assert stray_braces(text) is stray
