"""Other wordings in WeChat and in large type; and an answer that does not fit where it is read is refused."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from specimen import Folder

from bot.clock import BEIJING
from bot.conversation.speech import Speech
from bot.knowledge.diff import difference
from bot.knowledge.exporting import page

CHOICES = "  choices:\n    - {id: card_found"
LARGE = """  variants:
    - large_type: true
      texts: ["先打 {loss_line} 挂失。补卡{card_fee}。", "打电话停卡：{loss_line}。"]
    - channel: wechat
      texts: ["微信里：拨打 {loss_line}，补卡收{card_fee}。", "点号码就能拨打 {loss_line} 挂失。"]
"""


@pytest.fixture
def varied(folder: Folder) -> Folder:
    return folder.change("scripts/all.yml", CHOICES, LARGE + CHOICES)


@pytest.mark.parametrize(
    ("channel", "large_type", "begins", "variant"),
    [
        ("web", False, "请马上拨打", ""),
        ("web", True, "先打", "large_type"),
        ("wechat", False, "微信里", "wechat"),
        ("wechat", True, "先打", "large_type"),  # large type counts more than the channel
        (None, False, "请马上拨打", ""),
    ],
)
def test_who_reads_otherwise_gets_his_own_wording(
    varied: Folder, spring: date, channel: str | None, large_type: bool, begins: str, variant: str
) -> None:
    said = varied.load()
    rendered = said.render(said.script("card_loss"), 0, spring, channel, large_type)
    assert rendered.text.startswith(begins) and rendered.variant == variant
    assert said.figures["card_fee"].source in rendered.text


def test_asked_again_he_gets_the_second_wording_of_his_variant(varied: Folder, spring: date) -> None:
    said = varied.load()
    assert said.render(said.script("card_loss"), 1, spring, "web", True).text.startswith("打电话停卡")


def test_the_record_names_the_variant(varied: Folder) -> None:
    speech, at = Speech(varied.load()), datetime(2026, 4, 1, 12, tzinfo=BEIJING)
    said = speech.script("card_loss", 0, at, channel="wechat")
    assert said.internal["variant"] == "wechat"
    assert "variant" not in speech.script("card_loss", 0, at).internal


def test_a_variant_is_checked_as_the_others_are(folder: Folder) -> None:
    folder.change("scripts/all.yml", CHOICES, LARGE.replace("补卡{card_fee}。", "补卡10元。") + CHOICES)
    assert "variants" in folder.the_problem() and "直接写了数字“10元”" in folder.the_problem()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    - large_type: true\n", "    - large_type: false\n", "要写明 channel"),
        ("    - channel: wechat\n", "    - large_type: true\n", "写了两组"),
        (', "打电话停卡：{loss_line}。"]', "]", "至少要有两种说法"),
        ("channel: wechat", "channel: fax", "channel"),
    ],
)
def test_slips_in_variants_are_named(folder: Folder, old: str, new: str, words: str) -> None:
    folder.change("scripts/all.yml", CHOICES, LARGE.replace(old, new) + CHOICES)
    assert words in folder.the_problem()


def test_a_text_too_long_for_wechat_is_refused_unless_wechat_has_its_own(folder: Folder) -> None:
    long = "先停卡，再补卡：打电话挂失。" + "请带好身份证到网点办理，" * 15
    old = "先停卡，再补卡：打电话挂失，之后到网点，费用是{card_fee}，{card_days}内拿到。"
    folder.change("scripts/all.yml", old, long + "{card_days}内拿到。")
    assert "微信里最多180个" in folder.the_problem()
    folder.change("scripts/all.yml", CHOICES, LARGE + CHOICES)
    assert folder.problems() == []


def test_large_type_is_short(folder: Folder) -> None:
    large = LARGE.replace("打电话停卡：", "打电话停卡，" * 20)
    folder.change("scripts/all.yml", CHOICES, large + CHOICES)
    assert "关怀版最多120个" in folder.the_problem()


def test_a_script_that_does_not_fit_one_message_with_its_mandatory_texts_is_refused(folder: Folder) -> None:
    folder.change("disclosures.yml", "关于loan的提示。", "这是必须完整给客户看的提示。" * 50)
    problems = folder.problems()
    assert len(problems) == 4 and all("一条微信消息最多2000" in problem for problem in problems)


def test_the_difference_of_two_days_and_the_page_for_approval_show_variants(varied: Folder, spring: date) -> None:
    old = varied.path.joinpath("scripts/all.yml").read_text("utf-8")
    first = old[: old.index("- id: card_found")]
    second = first.replace("version: 3", "version: 4").replace("微信里：", "在微信里：").replace("- id", "- id", 1)
    second = second.replace("valid_from: 2026-01-01", "valid_from: 2026-07-01")
    varied.write("scripts/all.yml", old.replace("valid_to: 2026-12-31", "valid_to: 2026-06-30", 1) + second)
    lines = "\n".join(difference(varied.load(), date(2026, 6, 30), date(2026, 7, 1)))
    assert "第1种说法（wechat）的文字不同" in lines


def test_the_page_for_approval_shows_every_variant(folder: Folder) -> None:
    texts = "  texts: [各种贷款不同，请说明是哪一种。, 利率看贷款种类和您的情况。]\n"
    large = '  variants:\n    - {large_type: true, texts: ["请说是哪种贷款。", "看贷款种类。"]}\n'
    folder.change("scripts/all.yml", texts, texts + large)
    shown = page(folder.load(), "loan", date(2026, 4, 1))
    assert "第3种说法（关怀版）" in shown and "请说是哪种贷款。" in shown
