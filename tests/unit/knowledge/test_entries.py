"""One entry by itself: wrong types, missing and unknown fields."""

from __future__ import annotations

import pytest
from specimen import Folder


def test_a_figure_without_source_fails(folder: Folder) -> None:  # 004-58
    folder.change("figures.yml", "  source: 《价目表》\n", "")
    assert folder.the_problem() == "figures.yml 第1行，card_fee › source 出处：缺少这一项，必须填写"


@pytest.mark.parametrize("field", ["as_of: 2026-11-01", "authority: 网点公示", "value: 10", "label: 补卡工本费"])
def test_a_figure_lacks_nothing(folder: Folder, field: str) -> None:
    folder.change("figures.yml", f"  {field}\n", "")
    assert "缺少这一项，必须填写" in folder.the_problem()


def test_an_empty_source_fails(folder: Folder) -> None:
    folder.change("figures.yml", "source: 《价目表》", "source:")
    assert folder.the_problem() == "figures.yml 第5行，card_fee › source 出处：这一项是空的，必须填写"


def test_an_empty_authority_fails(folder: Folder) -> None:
    folder.change("figures.yml", "authority: 网点公示", 'authority: ""')
    assert "authority 以何为准：不能空着" in folder.the_problem()


def test_an_unknown_field_is_named_with_the_nearest_one(folder: Folder) -> None:
    folder.change("scripts/all.yml", "valid_to: 2026-06-30", "valid_too: 2026-06-30")
    unknown, missing = sorted(folder.problems(), key=len, reverse=True)
    assert "scripts/all.yml 第23行，card_found › valid_too：没有“valid_too”这个字段" in unknown
    assert "valid_to" in unknown.split("相近的有")[1]
    assert "valid_to 失效日期：缺少这一项" in missing


def test_one_wording_is_not_enough(folder: Folder) -> None:
    folder.change("scripts/all.yml", "[在手机银行解除挂失。, 到网点也能解除，请带身份证。]", "[在手机银行解除挂失。]")
    assert "至少要有两种说法" in folder.the_problem()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("valid_from: 2026-01-01", "valid_from: 2026-02-30", "日期写法不对（写成 2026-11-22 这样"),
        ("valid_from: 2026-01-01", "valid_from: 今年", "日期写法不对"),
        ("version: 3", "version: 三", "应当是整数"),
        ("version: 3", "version: 0", "太小，不能小于1"),
        ("figures: [card_fee, card_days]", "figures: card_fee", "应当是清单"),
        ("title: 卡丢了怎么办", "title: [卡丢了]", "应当是文字"),
        ("follow_up: true", "follow_up: 也许", "写 true 或 false"),
        ("id: card_found\n", "id: 卡找到了\n", "只能用小写英文字母"),
        ("label: 转人工", "label: 请马上为我转接到人工客服那里去好不好谢谢您", "最多20个字"),
        ("label: 转人工", 'label: ""', "至少1个字"),
    ],
)
def test_a_wrong_type_is_told_with_what_is_right(folder: Folder, old: str, new: str, told: str) -> None:
    folder.change("scripts/all.yml", old, new)
    assert any(told in problem for problem in folder.problems()), folder.problems()


@pytest.mark.parametrize("time", ["9:00", "25:00", "上午九点"])
def test_a_wrong_time_of_day(folder: Folder, time: str) -> None:
    folder.change("calendar.yml", 'start: "09:00"', f'start: "{time}"')
    assert "时间写法不对（写成 09:00 这样" in folder.the_problem()


def test_a_wrong_kind_lists_what_may_stand(folder: Folder) -> None:
    folder.change("intents.yml", "kind: talk", "kind: 闲聊")
    assert "不能写“闲聊”" in folder.the_problem()
    assert "可以用：control、none、question、talk" in folder.the_problem()


@pytest.mark.parametrize("similarity", ["0", "1", "1.5"])
def test_a_number_out_of_range(folder: Folder, similarity: str) -> None:
    folder.change("escalation.yml", '"similarity": 0.6', f'"similarity": {similarity}')
    assert "escalation.yml" in folder.the_problem()
    assert "similarity：太" in folder.the_problem()


def test_the_regulators_cap_can_only_be_tightened(folder: Folder) -> None:  # L1
    folder.change("complaints.yml", '"profile"', '"cap_calendar_days": 16, "profile"')
    assert "太大，不能大于15" in folder.the_problem()


def test_a_broken_entry_is_reported_once_and_not_where_it_is_used(folder: Folder) -> None:
    folder.change("figures.yml", "  source: 《利率公告》\n", "")
    folder.change("scripts/all.yml", "title: 房贷利率\n", "")
    assert len(folder.problems()) == 2
