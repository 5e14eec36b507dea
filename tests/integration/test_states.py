"""Whatever customers, agents and the clock do, in whatever order: no customer is lost (see tests/states.py)."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from states import Machine, figures
from support import make_house
from support import settings as house_settings

from bot.clock import FrozenClock
from bot.db import metadata
from bot.knowledge import Knowledge
from bot.wiring import House, build

FEW = settings.default.max_examples // 8  # each opens a store of its own; `make test-full` tries ten times as many


def tried(machine: type[Machine], runs: int, capsys: pytest.CaptureFixture[str]) -> None:
    how = settings(
        max_examples=runs,
        stateful_step_count=40,
        suppress_health_check=list(HealthCheck),
        phases=[phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)],  # a step is too slow for them
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(machine, settings=how)
    with capsys.disabled():
        print(f"\n{figures(machine)}")
    assert machine.runs >= runs


def test_no_path_loses_a_customer(
    said: Knowledge, migrated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    homes = (tmp_path / str(number) for number in count())
    now: list[Path] = []

    def new_house(clock: FrozenClock) -> House:
        now[:] = [next(homes)]
        now[0].mkdir()
        return make_house(now[0], said, clock, migrated=migrated)

    def again(clock: FrozenClock) -> House:
        return build(house_settings(now[0]), clock, said)

    machine = type("OnSQLite", (Machine,), {"new_house": staticmethod(new_house), "again": staticmethod(again)})
    tried(machine, FEW, capsys)


@pytest.mark.slow
def test_nor_on_postgresql(
    on_postgresql: str, said: Knowledge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def again(clock: FrozenClock) -> House:
        return build(house_settings(tmp_path, on_postgresql), clock, said)

    def new_house(clock: FrozenClock) -> House:
        house = again(clock)
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        with house.db.transaction() as tx:
            tx.exec_driver_sql(f"TRUNCATE {names} CASCADE")
        return house

    machine = type("OnPostgreSQL", (Machine,), {"new_house": staticmethod(new_house), "again": staticmethod(again)})
    tried(machine, FEW, capsys)
