import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import clean, has_words, is_payload, neutralise, normalise

ANY_TEXT = st.text(alphabet=st.characters(blacklist_categories=()))  # lone surrogates too
PAYLOADS = ["/greet", "  /greet", "／restart", '\u200b/inform{"a": 1}', "//x", "\u3000／ /x", "/"]
FAMILY = "👨\u200d👩\u200d👧"
WORDLESS = ["", "  \n", "。。。", "？！", "😀😀", FAMILY, "1️⃣2️⃣", "[微笑][玫瑰]", "/::)/:rose", "\u3164", "👍🏻"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("余额\x00查询", "余额查询"),
        ("转\u200b账\u2060限额\ufeff", "转账限额"),
        ("卡\ud83d丢了", "卡丢了"),
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("利率\t多少", "利率 多少"),
        ("  你好 \u202e", "你好"),
        ("贷款😀利率", "贷款😀利率"),
    ],
)
def test_clean_removes_what_nobody_can_see(typed: str, stored: str) -> None:
    assert clean(typed) == stored


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored_and_stays_as_it_is(text: str) -> None:
    once = clean(text)
    once.encode("utf-8")
    assert "\x00" not in once
    assert clean(once) == once


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("轉帳手續費多少", "转帐手续费多少"),
        ("銀行櫃檯幾點開門", "银行柜台几点开门"),
        ("１３８００１３８０００", "13800138000"),
        ("ＡＴＭ吞卡了！", "atm吞卡了!"),
        ("ETC怎麼辦", "etc怎么办"),
        ("全形　空格", "全形 空格"),
        ("空\x00字\ud800符", "空 字 符"),
    ],
)
def test_normalise_reads_variants_as_one(typed: str, read: str) -> None:
    assert normalise(typed) == read


@given(ANY_TEXT)
def test_normalise_keeps_every_offset(text: str) -> None:
    read = normalise(text)
    assert len(read) == len(text)
    assert normalise(read) == read
    read.encode("utf-8")


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_typed_payload_is_seen_and_made_harmless(text: str) -> None:
    assert is_payload(text)
    assert not is_payload(neutralise(text))
    assert not normalise(neutralise(text)).strip().startswith("/")


@given(st.text(alphabet=" \t\u3000\u200b/／⁄a你{"))
def test_no_text_is_a_payload_after_neutralising(text: str) -> None:
    assert not normalise(neutralise(text)).strip().startswith("/")


@pytest.mark.parametrize("text", ["你好", "2026/11/22", " 和/或", "http://a"])
def test_other_texts_pass_unchanged(text: str) -> None:
    assert not is_payload(text)
    assert neutralise(text) == text


@pytest.mark.parametrize("text", WORDLESS)
def test_no_words(text: str) -> None:
    assert not has_words(text)


@pytest.mark.parametrize("text", ["好", "1", "ok", "😀在吗", "[微笑]谢谢", "[转人工]", "①"])
def test_words(text: str) -> None:
    assert has_words(text)
