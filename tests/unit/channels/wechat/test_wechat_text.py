"""Few messages, each short enough, nothing lost, warnings whole; and which choice a customer means."""

import time
from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.text import LIMIT, Outgoing, Piece, compose, numbered

LEAD = "回复数字即可选择："
WARNING = "理财非存款、产品有风险、投资须谨慎。"
OTHER = "本行为代销机构，不承担产品的投资、兑付和风险管理责任。"
HUMAN, CANCEL = ("human", "转人工"), ("cancel", "取消")
FAMILY, FLAG, SKIN, ACCENT = "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "e\u0301"


def size(text: str) -> int:
    return len(text.encode())


def texts(pieces: list[Piece], limit: int = LIMIT) -> list[str]:
    sent = compose(pieces, LEAD, limit)
    assert all(size(numbered(message, LEAD)) <= limit for message in sent)
    return [message.text for message in sent]


def sentence(letter: str, bytes_: int) -> str:
    """One sentence of just so many bytes, which is a multiple of three."""
    return letter * (bytes_ // 3 - 1) + "。"


# ---- merging


def test_nothing_said_is_no_message() -> None:
    assert compose([], LEAD) == []
    assert compose([Piece(""), Piece(" \n"), Piece("", mandatory=("",))], LEAD) == []


def test_what_is_said_in_one_turn_is_one_message() -> None:
    assert texts([Piece("您好！"), Piece(""), Piece("这是答案。")]) == ["您好！\n\n这是答案。"]


def test_a_person_who_speaks_is_named() -> None:
    assert texts([Piece("稍等。"), Piece("您好", speaker="人工客服001")]) == ["稍等。\n\n【人工客服001】您好"]


def test_the_last_message_carries_all_choices_once() -> None:
    first = Piece("一", choices=(HUMAN, CANCEL))
    second = Piece("二", choices=(("stay", "继续"), ("human", "找人工")))
    assert compose([first, second], LEAD) == [Outgoing("一\n\n二", (HUMAN, CANCEL, ("stay", "继续")))]
    long = [Piece("一" * 600, choices=(HUMAN,)), Piece("二" * 600), Piece("", choices=(CANCEL,))]
    assert compose(long, LEAD) == [Outgoing("一" * 600), Outgoing("二" * 600, (HUMAN, CANCEL))]


def test_choices_without_words_are_a_message() -> None:
    assert compose([Piece("", choices=(HUMAN,))], LEAD) == [Outgoing("", (HUMAN,))]


def test_a_mandatory_text_that_does_not_stand_in_the_answer_is_added() -> None:
    assert texts([Piece("可以购买。", (WARNING,))]) == [f"可以购买。\n{WARNING}"]
    assert texts([Piece("", (WARNING,))]) == [WARNING]


@pytest.mark.parametrize(
    "standing", [WARNING, "理财非存款、\n产品有风险、投资须谨慎。", "理财非存款、产品有风险、 投资须谨慎。"]
)
def test_one_that_stands_in_it_is_not_added_again(standing: str) -> None:
    assert texts([Piece(f"可以。\n\n{standing}\n还有吗？", (WARNING,))]) == [f"可以。\n\n{standing}\n还有吗？"]


# ---- borders


def test_a_message_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert len(texts([Piece("x" * LIMIT)])) == 1
    assert [size(text) for text in texts([Piece("x" * (LIMIT + 1))])] == [1968, 33]


def test_the_choices_count() -> None:
    around = size(numbered(Outgoing("", (HUMAN,)), LEAD)) + 2
    assert len(compose([Piece("x" * (LIMIT - around), choices=(HUMAN,))], LEAD)) == 1
    assert len(compose([Piece("x" * (LIMIT - around + 1), choices=(HUMAN,))], LEAD)) == 2


def test_between_pieces_first() -> None:
    one, two, three = (sentence(letter, 900) + "\n" + sentence(letter, 300) for letter in "一二三")
    assert texts([Piece(one), Piece(two), Piece(three)]) == [one, two, three]


def test_a_piece_that_fits_is_not_cut_to_fill_a_message() -> None:
    one, two, three = sentence("一", 1500), sentence("二", 900) + sentence("二", 900), sentence("三", 150)
    assert texts([Piece(one), Piece(two), Piece(three)]) == [one, f"{two}\n\n{three}"]


def test_then_between_paragraphs() -> None:
    one, two = sentence("一", 600) * 2, sentence("二", 600) * 2
    assert texts([Piece(f"{one}\n{two}")]) == [one, two]
    assert texts([Piece(f"{one}\n \n　　{two}")]) == [one, f"　　{two}".strip()]


def test_then_between_sentences() -> None:
    one, two, three = sentence("一", 900), sentence("二", 900), sentence("三", 900)
    assert texts([Piece(one + two + three)]) == [one + two, three]


def test_paragraphs_are_preferred_where_it_costs_no_message() -> None:
    one, two, three, four = (
        sentence(letter, bytes_) for letter, bytes_ in zip("一二三四", (1200, 600, 1200, 1200), strict=True)
    )
    assert texts([Piece(f"{one}\n{two}{three}{four}")]) == [one, two + three, four]  # not one and two, three, four


def test_blanks_within_a_message_stay() -> None:
    parts = texts([Piece(" ".join(["x" * 48] * 60))])
    assert " ".join(parts) == " ".join(["x" * 48] * 60)
    assert len(parts) == 2


@pytest.mark.parametrize("end", ["。", "！", "？", "；", "……", "。”", "！）", "?!", "。\n", ".", "? "])
def test_the_ends_of_sentences(end: str) -> None:
    one = "甲" * 500 + end
    assert texts([Piece(one + "乙" * 600 + "。")]) == [one.strip(), "乙" * 600 + "。"]


@pytest.mark.parametrize("inside", ["3.5", "https://bank.example/a?b=1;c=2", "a.b!c", "1、", "，"])
def test_what_only_looks_like_the_end_of_a_sentence(inside: str) -> None:
    first, second = "甲" * 400 + "。", "乙" * 300 + inside + "丙" * 300 + "。"
    assert texts([Piece(first + second)], 2300) == [first, second]


def test_then_between_characters_as_a_reader_sees_them() -> None:
    first, second = texts([Piece("字" * 700)])
    assert first + second == "字" * 700
    assert 1950 < size(first) <= LIMIT


@pytest.mark.parametrize("one", [FAMILY, FLAG, SKIN, ACCENT, "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️‍🔥", "각", "नि", "\r\n字"])
@pytest.mark.parametrize("before", range(0, 12))
def test_no_character_of_several_code_points_is_cut(one: str, before: int) -> None:
    text = "x" * (300 + before) + one * 200
    parts = texts([Piece(text)], 400)
    assert [c for part in parts for c in shown(part)] == shown(text)


def shown(text: str) -> list[str]:
    return [c for c in regex.findall(r"\X", text) if not c.isspace()]


def test_a_pile_of_accents_longer_than_a_message_is_cut_between_code_points() -> None:
    pile = "e" + "\u0301" * 1500
    assert "".join(texts([Piece(pile)])) == pile


def test_a_text_of_many_short_sentences_is_cut_in_no_time() -> None:
    started = time.process_time()
    parts = texts([Piece("好。" * 3000, choices=(HUMAN,))])
    assert time.process_time() - started < 5
    assert len(parts) == 10  # 333 of 6 bytes in each of nine, and 3 in the one with the choices


def test_a_last_text_makes_room_for_its_choices() -> None:
    one, two, three = sentence("一", 900), sentence("二", 600), sentence("三", 480)
    assert compose([Piece(one + two + three, choices=(HUMAN,))], LEAD) == [
        Outgoing(one + two),
        Outgoing(three, (HUMAN,)),
    ]


def test_choices_that_leave_no_room_stand_alone() -> None:
    many = tuple((f"c{place}", "选" * 30) for place in range(20))
    assert compose([Piece("答案" * 50, choices=many)], LEAD) == [Outgoing("答案" * 50), Outgoing("", many)]


# ---- warnings


def test_a_warning_stands_whole_in_every_part() -> None:
    text = "".join(sentence(letter, 900) for letter in "一二三四")
    parts = texts([Piece(f"{text}\n\n{WARNING}{OTHER}", (WARNING, OTHER))])
    assert parts == [sentence(a, 900) + sentence(b, 900) + f"\n{WARNING}\n{OTHER}" for a, b in ("一二", "三四")]


def test_a_warning_stays_with_the_answer_it_belongs_to() -> None:
    answer, more = sentence("一", 1200), sentence("二", 1200)
    assert texts([Piece(f"{answer}\n{WARNING}", (WARNING,)), Piece(more)]) == [f"{answer}\n{WARNING}", more]


def test_a_warning_in_the_middle_is_not_said_twice_in_a_part() -> None:
    text = (
        sentence("一", 900)
        + WARNING
        + sentence("二", 900)
        + "理财非存款、 产品有风险、\n投资须谨慎。"
        + sentence("三", 900)
    )
    parts = texts([Piece(text, (WARNING,))])
    assert parts == [f"{sentence('一', 900)}\n{sentence('二', 900)}\n{WARNING}", f"{sentence('三', 900)}\n{WARNING}"]


def test_every_part_names_who_speaks() -> None:
    parts = texts([Piece(sentence("一", 1500) + sentence("二", 1500), (WARNING,), speaker="人工客服001")])
    assert parts == [f"【人工客服001】{sentence(letter, 1500)}\n{WARNING}" for letter in "一二"]


def test_warnings_that_leave_no_room_stand_whole_in_the_last_part() -> None:
    warning, answer, more = "险" * 600, sentence("一", 900) + sentence("二", 900), sentence("三", 150)
    assert texts([Piece(f"{answer}\n{more}", (warning,))]) == [answer, f"{more}\n{warning}"]
    assert texts([Piece(f"{answer}\n{warning}{more}", (warning,))]) == [answer, f"{more}\n{warning}"]


def test_two_warnings_longer_than_a_message_stand_whole_in_one_each() -> None:
    one, two = "险" * 500, "慎" * 500
    assert texts([Piece("可以。", (one, two))]) == [f"可以。\n{one}", two]


def test_a_warning_longer_than_a_message_is_still_said() -> None:
    parts = texts([Piece("可以。", ("险" * 1000,))])
    assert "".join(parts).replace("\n", "") == "可以。" + "险" * 1000


def test_a_warning_within_another_is_said_with_it() -> None:
    assert texts([Piece("可以。", (WARNING, f"请注意：{WARNING}", WARNING))]) == [f"可以。\n请注意：{WARNING}"]


def test_a_warning_of_invisible_characters_is_none() -> None:
    assert texts([Piece("可以。", ("\u200b",))]) == ["可以。"]


# ---- whatever is said

WORDS = st.lists(
    st.sampled_from(
        ["您好", "理财", "a", " ", "\n", "\n\n", "。", "！", "? ", "3.5", "　", FAMILY, FLAG, SKIN, ACCENT, "]]>"]
    )
    | st.text(max_size=5)
    | st.integers(1, 300).map(lambda times: "长" * times),
    max_size=30,
).map("".join)
WARNINGS = st.lists(st.sampled_from([WARNING, OTHER, "险" * 100]), max_size=3, unique=True).map(tuple)
CHOICES = st.lists(st.sampled_from([HUMAN, CANCEL, ("stay", "继续问"), ("rate_1", "满意")]), max_size=4).map(tuple)
PIECES = st.lists(st.builds(Piece, WORDS, WARNINGS, CHOICES, st.sampled_from(["", "人工客服001"])), max_size=4)


@given(PIECES, st.sampled_from([900, 1000, 2000]))
def test_nothing_is_lost_or_too_long(pieces: list[Piece], limit: int) -> None:
    sent = compose(pieces, LEAD, limit)
    assert all(size(numbered(message, LEAD)) <= limit for message in sent)
    assert all(message.text or message.choices for message in sent)
    assert all(not message.choices for message in sent[:-1])
    rest = iter([c for message in sent for c in shown(message.text)])
    for piece in pieces:  # in this order; between them stand names and repeated warnings
        assert all(c in rest for c in shown(piece.text))
    wanted = {id_: (id_, label) for piece in reversed(pieces) for id_, label in reversed(piece.choices)}
    assert {id_: (id_, label) for id_, label in (sent[-1].choices if sent else ())} == wanted


@given(PIECES)
def test_what_fits_in_one_message_is_one(pieces: list[Piece]) -> None:
    sent = compose(pieces, LEAD)
    together = numbered(Outgoing("\n\n".join(m.text for m in sent), sent[-1].choices if sent else ()), LEAD)
    assert len(sent) <= 1 or size(together) > LIMIT


@given(PIECES)
def test_messages_are_filled_before_another_is_begun(pieces: list[Piece]) -> None:
    """No two neighbours would have fitted in one, except where the second one has the choices."""
    sent = compose(pieces, LEAD)
    for one, two in pairwise(sent):
        assert size(numbered(Outgoing(f"{one.text}\n\n{two.text}", two.choices), LEAD)) > LIMIT


@given(WORDS.filter(lambda text: text.strip()), WARNINGS, CHOICES, st.sampled_from([1000, 2000]))
def test_warnings_stand_whole_in_every_part(text: str, warnings: tuple[str, ...], choices: tuple, limit: int) -> None:
    parts = texts([Piece(text, warnings, choices)], limit)
    assert all(warning in part for part in parts for warning in warnings)


@given(WORDS, WARNINGS, st.data())
def test_a_warning_that_stood_in_the_text_is_not_lost(
    text: str, warnings: tuple[str, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(text)))
    said = f"{text[:place]}\n{''.join(warnings)}\n{text[place:]}"
    parts = texts([Piece(said, warnings)])
    assert all(warning in part for part in parts for warning in warnings)
    assert len(parts) > 1 or not warnings or parts[0].count(warnings[0]) == said.count(warnings[0])


@given(st.text(st.characters(), max_size=3000))
def test_any_text_keeps_its_characters(text: str) -> None:
    parts = [message.text for message in compose([Piece(text)], LEAD, 600)]
    assert [c for part in parts for c in shown(part)] == shown(text)


# ---- numbers


def test_choices_are_numbered_lines() -> None:
    assert numbered(Outgoing("请选择", (HUMAN, CANCEL)), LEAD) == f"请选择\n\n{LEAD}\n1 转人工\n2 取消"
    assert numbered(Outgoing("", (HUMAN,)), LEAD) == f"{LEAD}\n1 转人工"
    assert numbered(Outgoing("请选择", (HUMAN,)), "") == "请选择\n\n1 转人工"
    assert numbered(Outgoing("好的"), LEAD) == "好的"
