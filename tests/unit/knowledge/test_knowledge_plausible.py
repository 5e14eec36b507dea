"""A slip of the pen in a figure is found before a customer reads it."""

from __future__ import annotations

from datetime import date

import pytest
from specimen import Folder

from bot.knowledge.model import Figure
from bot.knowledge.plausible import doubtful, outside


def figure(value: object, unit: str = "%", label: str = "房贷年化利率上限", **more: object) -> Figure:
    return Figure.parse_obj(
        {
            "id": "rate", "label": label, "value": value, "unit": unit, "source": "《公告》",
            "as_of": date(2026, 11, 1), "authority": "合同", **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "reason"),
    [("3.45", None), ("34.5", "34.5 高于合理上限 6"), ("0.345", "0.345 低于合理下限 1"), ("3—60", "60 高于合理上限 6")],
)
def test_a_value_outside_what_staff_have_set_is_named(value: str, reason: str | None) -> None:
    assert outside(figure(value, low="1", high="6")) == reason


def test_a_rate_over_the_cap_is_impossible_unless_staff_say_otherwise() -> None:
    assert outside(figure("36")) is None
    assert outside(figure("36.1")) == "利率 36.1 超过 36"
    assert outside(figure("36.1", high="40")) is None


@pytest.mark.parametrize(
    ("unit", "label"), [("%", "房贷最低首付比例"), ("%", "逾期罚息在合同利率上的加收幅度"), ("元", "补卡工本费")]
)
def test_shares_and_sums_have_no_cap(unit: str, label: str) -> None:
    assert outside(figure("50", unit, label)) is None


@pytest.mark.parametrize(
    ("old", "new", "is_doubtful"),
    [
        ("3.45", "3.05", False), ("3.45", "34.5", True), ("3", "9", False), ("3", "9.01", True), ("9", "3", False),
        ("9", "2.99", True), ("0", "0", False), ("0", "2", True), ("2", "0", True), ("15", "40", True),
        ("3.05—4.20", "3.05—42.0", True), ("3.05—4.20", "3.00—4.10", False),
    ],
)  # fmt: skip
def test_a_change_by_a_large_factor_wants_a_second_look(old: str, new: str, is_doubtful: bool) -> None:
    assert (doubtful(figure(old), figure(new)) is not None) == is_doubtful


def test_what_was_over_the_cap_before_may_stay_there() -> None:
    share = "逾期罚息在合同利率上的加收幅度"
    assert doubtful(figure("50", label=share), figure("50", label=share)) is None


def test_both_limits_of_staff_take_the_place_of_the_factor() -> None:
    limits = {"low": "0", "high": "60"}
    assert doubtful(figure("3", **limits), figure("40", **limits)) is None
    assert doubtful(figure("3", low="0"), figure("40", low="0")) is not None


def test_the_check_of_the_folder_finds_it_by_file_and_line(folder: Folder) -> None:
    folder.change("figures.yml", "value: 3.10", "value: 34.5\n  low: 1\n  high: 6")
    assert folder.the_problem().startswith("figures.yml 第17行，rate › value 数值：34.5 高于合理上限 6（请核对小数点")


def test_limits_that_exclude_each_other_are_a_mistake(folder: Folder) -> None:
    folder.change("figures.yml", "value: 3.10", "value: 3.10\n  low: 6\n  high: 1")
    assert "rate › low 合理下限：合理下限 6 高于合理上限 1" in folder.the_problem()
