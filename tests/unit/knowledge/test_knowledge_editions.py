"""Several editions of one id: a rate until the 30th, another from the 1st; each day has one state of it all."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from specimen import Folder

from bot.clock import BEIJING, FrozenClock
from bot.knowledge.current import Current
from bot.knowledge.diff import difference
from bot.knowledge.expiring import endings
from bot.knowledge.importing import import_rates

LAST, FIRST = date(2026, 5, 31), date(2026, 6, 1)
RATE = "  authority: 合同\n"
NEXT = """- id: rate
  label: 房贷利率
  value: 2.95
  unit: "%"
  source: 《新利率公告》
  as_of: 2026-05-20
  authority: 合同
  valid_from: 2026-06-01
"""


@pytest.fixture
def changing(folder: Folder) -> Folder:
    return folder.change("figures.yml", RATE, RATE + "  valid_to: 2026-05-31\n" + NEXT)


def test_each_day_has_the_figure_of_that_day_with_its_source(changing: Folder) -> None:
    known = changing.load()
    said = [
        knowledge.render(knowledge.script("loan_rate_mortgage"), 0, day).text
        for day in (LAST, FIRST)
        for knowledge in (known.on(day),)
    ]
    assert "3.10%" in said[0] and "《利率公告》" in said[0]
    assert "2.95%" in said[1] and "《新利率公告》" in said[1]


def test_a_running_server_says_the_new_rate_from_midnight_in_beijing_and_a_turn_keeps_its_day(changing: Folder) -> None:
    clock = FrozenClock(datetime(2026, 5, 31, 23, 59, 59, tzinfo=BEIJING))
    current = Current(changing.load(), clock)
    kept = current.standing()
    with current.held():
        clock.advance(2)
        assert str(kept.figures["rate"].value) == "3.10"
    assert str(kept.figures["rate"].value) == "2.95"


def test_without_editions_every_day_is_the_same_object(folder: Folder) -> None:
    known = folder.load()
    assert known.on(LAST) is known.on(FIRST) is known


def test_a_day_is_made_once(changing: Folder) -> None:
    known = changing.load()
    assert known.on(FIRST) is known.on(FIRST) is not known.on(LAST)
    assert known.on(FIRST).on(LAST).figures["rate"] == known.on(LAST).figures["rate"]


def test_editions_that_overlap_are_refused_with_both_places(folder: Folder) -> None:
    folder.change("figures.yml", RATE, RATE + "  valid_to: 2026-06-01\n" + NEXT)
    problem = folder.the_problem()
    assert (
        "编号“rate”重复，figures.yml 第15行 已经用过，有效期又重叠" in problem and "从第二天起写 valid_from" in problem
    )


def test_an_id_twice_without_days_is_a_slip(folder: Folder) -> None:
    folder.change("figures.yml", RATE, RATE + NEXT.replace("  valid_from: 2026-06-01\n", ""))
    assert "编号“rate”重复" in folder.the_problem()


def test_a_day_without_a_figure_that_a_script_needs_is_refused(folder: Folder) -> None:
    folder.change("figures.yml", RATE, RATE + "  valid_to: 2026-05-30\n" + NEXT)
    assert "数字“rate”在 2026-05-31 没有生效的数值" in folder.the_problem()


def test_a_figure_that_ends_before_its_script_is_refused(folder: Folder) -> None:
    folder.change("figures.yml", RATE, RATE + "  valid_to: 2026-05-30\n")
    assert "数字“rate”在 2026-05-31 没有生效的数值" in folder.the_problem()


def test_a_new_edition_needs_a_version_of_its_own(folder: Folder) -> None:
    old = folder.path.joinpath("scripts/all.yml").read_text("utf-8")
    second = old[old.index("- id: card_found") : old.index("- id: loan_rate\n")]
    second = second.replace("2026-01-01", "2026-07-01").replace("2026-06-30", "2026-12-31")
    folder.write("scripts/all.yml", old + second)
    assert "版本号一样" in folder.the_problem()
    folder.write("scripts/all.yml", old + second.replace("version: 1", "version: 2"))
    known = folder.load()
    assert known.on(date(2026, 6, 30)).scripts["card_found"].version == 1
    assert known.on(date(2026, 7, 1)).scripts["card_found"].version == 2


def test_a_draft_of_the_next_edition_hides_nothing(folder: Folder) -> None:
    old = folder.path.joinpath("scripts/all.yml").read_text("utf-8")
    draft = old[old.index("- id: card_found") : old.index("- id: loan_rate\n")].replace("version: 1", "version: 2")
    draft = draft.replace("  approved_by: 合规部\n  approved_on: 2025-12-20\n", "")
    folder.write("scripts/all.yml", old + draft)
    known = folder.load()
    assert known.on(date(2026, 3, 1)).scripts["card_found"].version == 1
    assert [s.version for s in known.every("script") if s.id == "card_found"] == [1, 2]


def test_rules_of_the_guard_begin_and_end(folder: Folder) -> None:
    folder.change("guard.yml", '"id": "principal",', '"id": "principal", "valid_from": "2026-06-01",')
    known = folder.load()
    assert known.on(LAST).guard.promises == ()
    assert [one.id for one in known.on(FIRST).guard.promises] == ["principal"]
    assert known.on(LAST).digests["guard", "guard"] == known.on(FIRST).digests["guard", "guard"]
    assert "开始 promises principal" in "\n".join(difference(known, LAST, FIRST))


def test_the_difference_of_two_days_names_the_old_and_the_new_figure(changing: Folder) -> None:
    lines = "\n".join(difference(changing.load(), LAST, FIRST))
    assert "变化 rate 房贷利率：3.10% → 2.95%（从 2026-06-01 起）" in lines


def test_what_ends_names_the_edition_in_its_place(changing: Folder) -> None:
    (ending,) = [e for e in endings(changing.load(), date(2026, 5, 20), 14)]
    assert "数字 rate（房贷利率，3.10%）" in str(ending) and "2.95%" in str(ending) and not ending.alarming


def test_a_table_does_not_guess_which_edition_it_means(changing: Folder) -> None:
    table = changing.path.parent / "rates.csv"
    table.write_text("id,value,as_of\nrate,3.0,2026-05-01\n", "utf-8")
    (problem,) = import_rates(changing.path, table, LAST).problems
    assert "几个生效时段" in str(problem)
