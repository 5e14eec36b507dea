"""Cities, districts and branches by their names, in customers' words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.places import Names, find, names, units, units_in

PLACES = [
    {"name": "上海市", "words": ["上海"]},
    {"name": "浦东新区", "words": ["浦东"]},
    {"name": "杭州市", "words": ["杭州"]},
    {"name": "西湖区"},
    {"name": "大理市", "words": ["大理"]},
    {"name": "成都市", "words": ["成都"]},
    {"name": "城东区", "words": ["城东"]},
]
BRANCHES = [
    {"id": "east", "name": "示范银行城东支行", "district": "样例市城东区", "words": ()},
    {"id": "garden", "name": "示范银行股份有限公司高新园社区支行", "district": "样例市高新区", "words": ["科技园支行"]},
    {"id": "head", "name": "示范银行总行营业部", "district": "样例市中心区", "words": ()},
    {"id": "lake", "name": "示范银行湖畔支行", "district": "样例市中心区", "words": ()},
    {"id": "lake_two", "name": "示范银行湖畔分理处", "district": "样例市中心区", "words": ()},
]
KNOWN = names(PLACES, BRANCHES)


def read(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.value) for one in find(KNOWN, text)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我在浦东，哪里有网点", "浦东新区"),
        ("浦东新区有吗", "浦东新区"),  # the longest name
        ("請問浦東哪裡有分行", "浦东新区"),
        ("西湖区有几家支行", "西湖区"),
        ("杭州有没有你们的分行", "杭州市"),
        ("杭州市有吗", "杭州市"),
        ("杭州西湖区的网点", "杭州市西湖区"),  # one place, not two
        ("杭州的西湖区", "杭州市西湖区"),
        ("上海浦东", "上海市浦东新区"),
        ("样例市有几家网点", "样例市"),  # from where the branches are
        ("高新区哪里有", "高新区"),
        ("城东网点", "城东区"),  # any of those in 城东
        ("城东的支行有哪些", "城东区"),
        ("浦东支行柜员态度很差", "浦东新区"),  # no branch of ours
    ],
)
def test_a_place_is_known_by_its_names(text: str, place: str) -> None:
    assert read(text) == [("place", place)]


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("城东支行几点开门", "east"),
        ("城東支行幾點開門", "east"),
        ("示范银行城东支行", "east"),
        ("城东那个网点在哪", "east"),
        ("城东这家支行", "east"),
        ("城东那家几点关门", "east"),
        ("城东那边的网点", "east"),
        ("城东分行", "east"),
        ("高新园社区支行", "garden"),
        ("高新园支行", "garden"),
        ("高新园网点电话", "garden"),  # 高新园 is no place, so it is the name of one
        ("科技园支行", "garden"),
        ("总行营业部在哪", "head"),
        ("湖畔分理处", "lake_two"),
    ],
)
def test_a_branch_is_known_by_its_name_or_half_of_it(text: str, branch: str) -> None:
    assert read(text) == [("branch", branch)]


@pytest.mark.parametrize(
    "text",
    [
        "附近有网点吗",
        "总行在哪",
        "湖畔那个网点",  # two are called so
        "城北支行几点开门",
        "〔姓名·浦东〕〔邮箱·上海***〕",
        "在上海路上",
        "杭州东路支行",
        "浦东大道那家",
        "北京时间几点",
        "",
    ],
)
def test_what_names_none(text: str) -> None:
    assert read(text) == []


def test_a_branch_and_two_places_in_one_message_keep_their_places() -> None:
    text = "我在杭州，浦东有吗，城东支行呢"
    assert [(one.value, text[one.start : one.end]) for one in find(KNOWN, text)] == [
        ("杭州市", "杭州"),
        ("浦东新区", "浦东"),
        ("east", "城东支行"),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["加大", "理财"], []),
        (["大理", "财务"], ["大理市"]),
        (["上海浦东", "有", "吗"], ["上海市浦东新区"]),  # one word to jieba
        (["上海银行", "的", "卡"], []),
        (["上海浦东发展银行"], []),
        (["杭州市", "西湖区"], ["杭州市西湖区"]),
        (["去", "成都", "高新"], ["成都市"]),
        (["城东", "支行地址"], ["east"]),  # where a branch's name ends, it ends
    ],
)
def test_where_the_words_are_known_none_is_cut(words: list[str], found: list[str]) -> None:
    bounds = {sum(map(len, words[:count])) for count in range(len(words) + 1)}
    assert [one.value for one in find(KNOWN, "".join(words), bounds)] == found


@pytest.mark.parametrize(
    ("district", "parts"),
    [
        ("样例市城东区", ["样例市", "城东区"]),
        ("上海市浦东新区", ["上海市", "浦东新区"]),
        ("浙江省杭州市西湖区", ["浙江省", "杭州市", "西湖区"]),
        ("广州市天河区", ["广州市", "天河区"]),
        ("荆州市沙市区", ["荆州市", "沙市区"]),
        ("内蒙古自治区呼和浩特市", ["内蒙古自治区", "呼和浩特市"]),
        ("苏州市工业园区", ["苏州市", "工业园区"]),
        ("市中心", []),
    ],
)
def test_a_district_is_taken_apart(district: str, parts: list[str]) -> None:
    assert units(district) == parts


def test_where_a_branch_is_reads_as_where_the_customer_is() -> None:
    assert units_in(KNOWN, "上海浦东") == units_in(KNOWN, "上海市浦东新区") == {"上海市", "浦东新区"}


def test_no_names_find_nothing() -> None:
    assert find(Names(), "浦东城东支行") == []


@given(st.text(alphabet="上海浦东城支行网点那个家的杭州西湖区〔〕 时间路", max_size=30))
def test_offsets_lie_inside_and_do_not_overlap(text: str) -> None:
    end = 0
    for one in find(KNOWN, text):
        assert end <= one.start < one.end <= len(text)
        end = one.end
