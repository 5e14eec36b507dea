"""New figures from a table: tolerant of how it was saved, strict about what it says, and never half written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from specimen import Folder

from bot.errors import KnowledgeError
from bot.knowledge.importing import Outcome, import_rates, still_samples

TODAY = date(2026, 11, 22)
ONE_LINE = """\
# 数字：每行一个
- {id: card_fee, label: 补卡工本费, value: "10", unit: 元, source: 《价目》, as_of: 2026-11-01, authority: 网点, sample: true} # 年
- {id: card_days, label: 补卡时间, value: '7', unit: "个工作日", source: 《手册》, as_of: 2026-11-01, authority: 实际}

# ---- 贷款 ----
- id: rate   # 房贷
  label: 房贷利率
  unit: "%"
  value: 3.10
  source: 《利率公告》
  authority: 合同
  as_of: 2026-10-01
"""  # noqa: E501 - one line an entry, as staff write them


@pytest.fixture
def bank(folder: Folder) -> Folder:
    return folder.write("figures.yml", ONE_LINE)


def figures(bank: Folder) -> str:
    return (bank.path / "figures.yml").read_bytes().decode("utf-8")


def importing(bank: Folder, table: str | bytes, encoding: str = "utf-8", **more: object) -> Outcome:
    file = bank.path.parent / "rates.csv"
    file.write_bytes(table if isinstance(table, bytes) else table.encode(encoding))
    return import_rates(bank.path, file, TODAY, **more)


def problems(bank: Folder, table: str | bytes, **more: object) -> list[str]:
    """What is said; and that nothing was written."""
    outcome = importing(bank, table, **more)
    assert figures(bank) == ONE_LINE and not outcome.changes
    assert sorted(path.name for path in bank.path.iterdir() if path.name.startswith(".")) == []
    return [str(problem) for problem in outcome.problems]


def test_a_new_rate_is_written_and_every_other_character_stays(bank: Folder) -> None:
    outcome = importing(bank, "id,value,as_of\nrate,3.05,2026-11-20\ncard_fee,12,2026-11-21\n")
    assert [str(change) for change in outcome.changes] == [
        "rate 房贷利率：3.10% → 3.05%，数据日期 2026-10-01 → 2026-11-20",
        "card_fee 补卡工本费：10元 → 12元，数据日期 2026-11-01 → 2026-11-21",
    ]
    expected = ONE_LINE.replace("value: 3.10", "value: 3.05").replace("as_of: 2026-10-01", "as_of: 2026-11-20")
    expected = expected.replace('value: "10"', 'value: "12"').replace("as_of: 2026-11-01", "as_of: 2026-11-21", 1)
    assert figures(bank) == expected
    assert bank.load().figures["rate"].value == Decimal("3.05")
    assert still_samples(outcome.changes) == {"card_fee": "补卡工本费"}


def test_source_and_authority_change_where_they_are_given(bank: Folder) -> None:
    rows = ['rate,3.05,2026-11-20,"《公告》: 第3号, ""新""",', "card_days,7,2026-11-20,,新规"]
    table = "\n".join(["id,value,as_of,source,authority", *rows])
    importing(bank, table)
    after = bank.load().figures
    assert (after["rate"].source, after["rate"].authority) == ('《公告》: 第3号, "新"', "合同")
    assert (after["card_days"].source, after["card_days"].authority) == ("《手册》", "新规")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_however_the_spreadsheet_saved_it(bank: Folder, encoding: str, end: str) -> None:
    lines = [
        "id,value,as_of,source,authority,",
        "",
        "rate,３．０５％,２０２６/11/2,《新公告》,",
        ",,,,",
        'card_days,"8",2026年11月5日,,',
        "",
    ]
    importing(bank, end.join(lines), encoding)
    after = bank.load().figures
    assert (after["rate"].value, after["rate"].as_of) == (Decimal("3.05"), date(2026, 11, 2))
    assert after["rate"].source == "《新公告》"
    assert (after["card_days"].value, after["card_days"].as_of) == (Decimal(8), date(2026, 11, 5))


def test_columns_may_have_their_chinese_names_and_any_order(bank: Folder) -> None:
    importing(bank, "数据日期,编号,数值\n2026-11-20,rate,3.05\n")
    assert bank.load().figures["rate"].value == Decimal("3.05")


def test_a_folder_with_windows_line_ends_keeps_them(bank: Folder) -> None:
    (bank.path / "figures.yml").write_bytes(ONE_LINE.replace("\n", "\r\n").encode())
    importing(bank, "id,value,as_of\nrate,3.05,2026-11-20\n")
    assert figures(bank).count("\r\n") == ONE_LINE.count("\n") and "value: 3.05\r\n" in figures(bank)


def test_a_dry_run_tells_and_writes_nothing(bank: Folder) -> None:
    outcome = importing(bank, "id,value,as_of\nrate,3.05,2026-11-20\n", dry_run=True)
    assert len(outcome.changes) == 1 and figures(bank) == ONE_LINE


def test_what_is_the_same_already_is_only_counted(bank: Folder) -> None:
    outcome = importing(bank, "id,value,as_of\nrate,3.1,2026-10-01\n")
    assert (outcome.changes, outcome.unchanged) == ([], 1) and figures(bank) == ONE_LINE


def test_everything_that_is_wrong_is_told_at_once_with_its_line(bank: Folder) -> None:
    table = (
        "id,value,as_of\nrate,34.5,2026-11-20\n\nraet,3.05,2026-11-20\ncard_fee,十元,2026-11-20\n"
        "card_days,8,\ncard_days,8,2026-11-31\ncard_fee,12,2026-11-23\n,12,2026-11-20\nrate,3.05,2026-11-20\n"
    )
    assert problems(bank, table) == [
        "rates.csv 第2行，rate › value 数值：从 3.10 变成 34.5，相差 3 倍以上（核对无误后加上 --force rate）",
        "rates.csv 第4行，raet：没有这个编号的数字（可以用：card_days、card_fee、rate）",
        "rates.csv 第5行，card_fee › value 数值：“十元”不是数字（写成 10 这样，单位不用写）",
        "rates.csv 第6行，card_days：缺少 as_of 数据日期",
        "rates.csv 第7行，card_days：日期“2026-11-31”写法不对，或没有这一天（写成 2026-11-22 这样）",
        "rates.csv 第8行，card_fee：编号重复，第5行已经有了",
        "rates.csv 第8行，card_fee › as_of 数据日期：2026-11-23 在今天之后"
        "（导入马上生效；要到那天才生效的，在 figures.yml 里另写一条，加上 valid_from）",
        "rates.csv 第9行：缺少 id 编号",
        "rates.csv 第10行，rate：编号重复，第2行已经有了",
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "第1行：文件是空的"),
        ("id,value,as_of\n", "第1行：只有列名，没有数据"),
        ("id,value\nrate,3\n", "第1行：缺少“as_of”这一列"),
        ("id,value,as_of,rate\nrate,3,2026-11-20,1\n", "第1行：没有“rate”这一列"),
        ("id,value,as_of,value\nrate,3,2026-11-20,3\n", "第1行：“value”这一列写了两次"),
        ("id,value,as_of\nrate,3,2026-11-20,《公告》\n", "第2行，rate：有4格，列名只有3个"),
        ('id,value,as_of\n"rate,3,2026-11-20\n', "第2行：这一行的引号没有成对"),
        ("id,value,as_of\nrate,3,2026-11-20\n".encode("utf-16"), "第1行：文件的编码不能识别"),
        (b"\xff\xff\xff", "第1行：文件的编码不能识别"),
        ("id,value,as_of,source\nrate,3,2026-11-20,x\n", "第2行，rate：出处或以何为准太短"),
        ("id,value,as_of\nrate,3.1—3.5,2026-11-20\n", "“3.1—3.5”不是数字"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read(bank: Folder, table: str | bytes, said: str) -> None:
    (problem,) = problems(bank, table)
    assert problem.startswith("rates.csv ") and said in problem


def test_a_quoted_cell_may_hold_a_line_end_and_lines_are_still_counted_right(bank: Folder) -> None:
    table = 'id,value,as_of,source\nrate,3.05,2026-11-20,"《公告》\n第3号"\nnone,1,2026-11-20,\n'
    assert [problem[:14] for problem in problems(bank, table)] == ["rates.csv 第4行，"]
    importing(bank, table.rsplit("none", 1)[0])
    assert bank.load().figures["rate"].source == "《公告》第3号"


def test_a_doubtful_change_is_made_when_its_id_is_named(bank: Folder) -> None:
    table = "id,value,as_of\ncard_fee,100,2026-11-20\nrate,2.9,2026-09-01\n"
    assert [problem.rsplit("--force ")[1] for problem in problems(bank, table)] == ["card_fee）", "rate）"]
    assert len(problems(bank, table, forced=["rate"])) == 1
    assert len(importing(bank, table, forced=["rate", "card_fee"]).changes) == 2


def test_what_staff_or_the_cap_forbid_cannot_be_forced(bank: Folder) -> None:
    (problem,) = problems(bank, "id,value,as_of\nrate,37,2026-11-20\n", forced=["rate"])
    assert "利率 37 超过 36" in problem and "low、high" in problem


def test_a_forced_id_must_stand_in_the_table(bank: Folder) -> None:
    assert (
        "card_days：--force 的编号不在表里"
        in problems(bank, "id,value,as_of\nrate,3,2026-11-20\n", forced=["card_days"])[0]
    )


def test_a_folder_that_is_wrong_already_is_not_touched(bank: Folder) -> None:
    bank.write("figures.yml", ONE_LINE.replace("  authority: 合同\n", ""))
    with pytest.raises(KnowledgeError, match="authority"):
        importing(bank, "id,value,as_of\nrate,3.05,2026-11-20\n")


def test_a_value_that_breaks_the_rules_of_the_folder_is_found_before_it_is_written(bank: Folder) -> None:
    ranged = ONE_LINE.replace("value: 3.10", "value: 3.10—3.50")
    bank.write("figures.yml", ranged)
    outcome = importing(bank, "id,value,as_of\nrate,约3.2,2026-11-20\n")
    assert "有单位的数值不能写成“约3.2”" in str(outcome.problems[0]) and figures(bank) == ranged


def test_the_file_keeps_who_may_read_it(bank: Folder) -> None:
    file = bank.path / "figures.yml"
    file.chmod(0o640)
    importing(bank, "id,value,as_of\nrate,3.05,2026-11-20\n")
    assert file.stat().st_mode & 0o777 == 0o640


def test_the_demonstration_banks_own_file_changes_in_one_place_only(tmp_path: Path) -> None:
    from bot.knowledge.editing import edited

    text = (Path(__file__).resolve().parents[3] / "knowledge" / "figures.yml").read_bytes().decode("utf-8")
    new = edited(text, {"mortgage_rate_low": {"value": "3.00", "as_of": "2026-11-20"}})
    changed = [(a, b) for a, b in zip(text.split("\n"), new.split("\n"), strict=True) if a != b]
    (pair,) = changed
    assert pair[1] == pair[0].replace('value: "3.05"', 'value: "3.00"').replace(
        "as_of: 2026-11-01", "as_of: 2026-11-20"
    )
