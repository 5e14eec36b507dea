from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from bot.text.mask import Masked, mask

PHONE = "〔手机·尾号8000〕"


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "+8613800138000",
        "+86 138 0013 8000",
        "86-138-0013-8000",
        "008613800138000",
        "１３８００１３８０００",
        "＋８６ 138—0013—8000",
        "138.0013.8000",
        "138 00138000",
        "1 3 8 0 0 1 3 8 0 0 0",
        "138\u200b0013\u200b8000",
        "一三八零零一三八零零零",
        "幺三八〇〇幺三八〇〇〇",
        "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
    ],
)
def test_a_mobile_number_in_any_writing(typed: str) -> None:
    masked = mask(f"我的手机是{typed}，请回电")
    assert masked.text == f"我的手机是{PHONE}，请回电"
    assert [(f.kind, f.value, f.tail, f.token) for f in masked.found] == [("phone", "13800138000", "8000", PHONE)]


@pytest.mark.parametrize(
    ("text", "expected", "kinds"),
    [
        ("打010-88886666", "打〔电话·尾号6666〕", ["phone"]),
        ("座机（0755）8888 6666", "座机〔电话·尾号6666〕", ["phone"]),
        ("电话是88886666", "电话是〔电话·尾号6666〕", ["phone"]),
        ("我在香港 +852 9123 4567", "我在香港 〔手机·尾号4567〕", ["phone"]),
        ("身份证11010519491231002X", "身份证〔证件·尾号002X〕", ["id"]),
        ("身份證號１１０１０５１９４９１２３１００２ｘ", "身份證號〔证件·尾号002X〕", ["id"]),
        ("110105 19491231 002X", "〔证件·尾号002X〕", ["id"]),
        ("1101 0519 4912 3100 2X", "〔证件·尾号002X〕", ["id"]),
        ("110105491231002", "〔证件·尾号1002〕", ["id"]),
        ("输错一位的身份证110105194912310021", "输错一位的身份证〔证件·尾号0021〕", ["id"]),
        ("护照号E12345678", "护照号〔证件·尾号5678〕", ["id"]),
        ("6222021234567890128", "〔卡号·尾号0128〕", ["card"]),
        ("卡 4111 1111 1111 1111 被吞了", "卡 〔卡号·尾号1111〕 被吞了", ["card"]),
        ("卡号是1234567890123456789", "卡号是〔卡号·尾号6789〕", ["card"]),
        ("存折账号 100200300400500", "存折账号 〔卡号·尾号0500〕", ["card"]),
        ("发到 Li.Lei@Example.com.cn 吧", "发到 〔邮箱·l***〕 吧", ["email"]),
        ("13800138000@qq.com", "〔邮箱·1***〕", ["email"]),
        (
            "13800138000 和 13900139001，卡6222021234567890128",
            "〔手机·尾号8000〕 和 〔手机·尾号9001〕，卡〔卡号·尾号0128〕",
            ["phone", "phone", "card"],
        ),
        ("2026-11-22 138-0013-8000 打的", "2026-11-22 〔手机·尾号8000〕 打的", ["phone"]),
    ],
)
def test_other_personal_numbers(text: str, expected: str, kinds: list[str]) -> None:
    masked = mask(text)
    assert masked.text == expected
    assert [f.kind for f in masked.found] == kinds
    assert not masked.secrets


@pytest.mark.parametrize(
    "text",
    [
        "转账20000元一直没到",
        "13800138000元",
        "金额13800138000.00",
        "¥6222021234567890128",
        "贷款3.05%，20万，分36期",
        "2026-11-22 10:30:15",
        "20261122103015",
        "TS20261122-000001处理到哪了",
        "打95588，不行再打12378、400-820-8888或96110",
        "尾号8000的卡",
        "流水号20261122153000123456",
        "0.00元",
        "第000001号，排队001",
        "11111111111111",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert mask(text, names=True) == Masked(text, (), False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("密码是123456，还是不行", "密码是〔已删除·密码〕，还是不行"),
        ("密碼：Abc@12345", "密碼：〔已删除·密码〕"),
        ("我密码设的是生日19900307", "我密码设的是生日〔已删除·密码〕"),
        ("密码忘了，好像是8888还是6666", "密码忘了，好像是〔已删除·密码〕还是〔已删除·密码〕"),
        ("取款密码123456被锁", "取款密码〔已删除·密码〕被锁"),
        ("我把登录密码改成zhang88了", "我把登录密码改成〔已删除·密码〕了"),
        ("密码是六个8", "密码是〔已删除·密码〕"),
        ("密码是一二三四五六", "密码是〔已删除·密码〕"),
        ("123456是我的密码", "〔已删除·密码〕是我的密码"),
        ("密码123456，对就是123456", "密码〔已删除·密码〕，对就是〔已删除·密码〕"),
        ("验证码 4821", "验证码 〔已删除·验证码〕"),
        ("验证码收到了是 48 21 33", "验证码收到了是 〔已删除·验证码〕"),
        ("482133这个验证码不对", "〔已删除·验证码〕这个验证码不对"),
        ("短信码：482133", "短信码：〔已删除·验证码〕"),
        ("cvv 123", "cvv 〔已删除·安全码〕"),
        ("CVV2是１２３", "CVV2是〔已删除·安全码〕"),
        ("卡背面三位数字是123", "卡背面三位数字是〔已删除·安全码〕"),
    ],
)
def test_secrets_are_thrown_away_and_never_found(text: str, expected: str) -> None:
    assert mask(text) == Masked(expected, (), True)


@pytest.mark.parametrize(
    "text",
    [
        "密码输错3次了",
        "密码锁定24小时",
        "密码是6到16位吗",
        "取款密码怎么改成6位",
        "支付密码 2000元转不出去",
        "验证码收不到，95588打不通",
        "验证码等了60分钟",
        "验证码发到尾号8000了",
        "验证码 2026年都收不到",
        "密码为什么被锁",
        "shopping 123456",
    ],
)
def test_talking_about_secrets_is_not_telling_them(text: str) -> None:
    assert mask(text) == Masked(text, (), False)


def test_a_phone_after_the_word_password_is_a_phone() -> None:
    assert mask("忘记密码 13800138000") == Masked(f"忘记密码 {PHONE}", mask("13800138000").found, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三 13800138000", f"〔姓名·张*〕 {PHONE}"),
        ("我叫王小明，电话是13800138000", f"我叫〔姓名·王*〕，电话是{PHONE}"),
        ("联系人：欧阳娜娜 手机13800138000", f"联系人：〔姓名·欧*〕 手机{PHONE}"),
        ("13800138000，陈小红", f"{PHONE}，〔姓名·陈*〕"),
        ("李雷先生 13800138000", f"〔姓名·李*〕先生 {PHONE}"),
        ("我叫张三想投诉，张三的卡被冻结", "我叫〔姓名·张*〕想投诉，〔姓名·张*〕的卡被冻结"),
        ("姓名張偉", "姓名〔姓名·張*〕"),
        (f"张三 {PHONE}", f"〔姓名·张*〕 {PHONE}"),
    ],
)
def test_names_in_forms(text: str, expected: str) -> None:
    assert mask(text, names=True).text == expected


@pytest.mark.parametrize(
    "text",
    ["贷款 13800138000", "周一打13800138000", "13800138000 谢谢", "陈女士 13800138000", "我姓张", "客户名单卖给谁"],
)
def test_words_that_begin_like_surnames_are_no_names(text: str) -> None:
    assert "姓名" not in mask(text, names=True).text


def test_names_are_left_alone_outside_forms() -> None:
    assert mask("我叫王小明").text == "我叫王小明"


def test_what_only_looks_like_a_token_hides_nothing() -> None:
    assert "13800138000" not in mask("〔手机·尾号13800138000〕").text


PLAIN = st.text(alphabet="银行办理我想问一下的怎么。，？！ 贷款利率abc", max_size=12)
SEPARATOR = st.sampled_from(["", " ", "-", "－"])


@st.composite
def phones(draw: st.DrawFn) -> tuple[str, str]:
    digits = "1" + draw(st.sampled_from("3456789")) + draw(st.from_regex(r"[0-9]{9}", fullmatch=True))
    sep = draw(SEPARATOR)
    written = draw(st.sampled_from(["", "+86", "86 "])) + sep.join((digits[:3], digits[3:7], digits[7:]))
    return digits, written


@st.composite
def cards(draw: st.DrawFn) -> tuple[str, str]:
    body = "62" + draw(st.from_regex(r"[0-9]{13,16}", fullmatch=True))
    digits = body + luhn.calc_check_digit(body)
    sep = draw(SEPARATOR)
    return digits, sep.join(digits[at : at + 4] for at in range(0, len(digits), 4))


@st.composite
def identities(draw: st.DrawFn) -> tuple[str, str]:
    day = draw(st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 1, 1)))
    body = draw(st.sampled_from(["110105", "440106", "510107"])) + day.strftime("%Y%m%d")
    body += draw(st.from_regex(r"[0-9]{3}", fullmatch=True))
    digits = body + ric.calc_check_digit(body)
    return digits, draw(st.sampled_from([digits, digits.lower(), f"{digits[:6]} {digits[6:14]} {digits[14:]}"]))


@given(before=PLAIN, number=st.one_of(phones(), cards(), identities()), after=PLAIN)
def test_only_the_number_is_replaced(before: str, number: tuple[str, str], after: str) -> None:
    assume(not before.endswith(("c", "b", "a", " ")) and not after.startswith(" "))
    value, written = number
    masked = mask(before + written + after)
    assert [f.value for f in masked.found] == [value]
    assert masked.text == before + masked.found[0].token + after
    assert value not in masked.text


@pytest.mark.parametrize(
    ("typed", "token"),
    [
        ("11010520000101000Xa", "〔证件·尾号000X〕a"),
        ("11010520000101000XX", "〔证件·尾号000X〕X"),
        ("110105 20000101 000Xabc", "〔证件·尾号000X〕abc"),
        ("138 0013 8000x", "〔手机·尾号8000〕x"),
        ("138-0013-8000xyz", "〔手机·尾号8000〕xyz"),
        ("13800138000x", "〔手机·尾号8000〕x"),
    ],
)
def test_letters_behind_a_number_do_not_hide_it(typed: str, token: str) -> None:
    assert mask(typed).text == token


WORDS = ["密码", "验证码", "cvv", "是", "：", "，", "-", ".", "姓名", "我叫", "张三", "李", "手机", "卡号", "电话"]
WORDS += ["尾号", "元", "+", "@", "a", "x", "8000", "123456", "1", "零一二三", "〔", "〕"]
VALUES = ["13800138000", "6222021234567890128", "11010519491231002X", "a@b.cn", "〔手机·尾号8000〕", " "]
PIECES = st.sampled_from(WORDS + VALUES)


@given(st.lists(PIECES, max_size=12).map("".join), st.booleans())
def test_masking_twice_changes_nothing(text: str, names: bool) -> None:
    once = mask(text, names)
    assert mask(once.text, names) == Masked(once.text, (), False)
    assert all(f.value not in once.text for f in once.found)


@given(st.text(alphabet=st.characters(blacklist_categories=())), st.booleans())
def test_any_text_at_all_is_survived(text: str, names: bool) -> None:
    mask(text, names)
