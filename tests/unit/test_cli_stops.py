"""`qiantai stop`, `resume`, `stops`: what an operator types in an emergency."""

from __future__ import annotations

from datetime import datetime, timedelta
from getpass import getuser
from pathlib import Path

import pytest
from support import SUNDAY_NOON

from bot import cli
from bot.clock import BEIJING
from bot.conversation import incidents
from bot.conversation.commands import moment
from bot.errors import InvalidInput
from bot.wiring import House

WHY = ["--why", "利率写错了"]


@pytest.fixture
def at_home(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Commands work on this house."""
    monkeypatch.setenv("QIANTAI_HOME", str(house.settings.home))
    for name in ("QIANTAI_ENV", "QIANTAI_DATABASE_URL", "QIANTAI_KNOWLEDGE"):
        monkeypatch.delenv(name, raising=False)
    return house


def in_force(house: House) -> list[str]:
    with house.db.transaction() as tx:
        return [one.name for one in incidents.in_force(tx, SUNDAY_NOON)]


@pytest.mark.parametrize("what", [["script", "loan_rate_mortgage"], ["topic", "wealth"], ["bot"]])
def test_stop_stops_lists_and_resumes_it_with_who_and_why(
    at_home: House, capsys: pytest.CaptureFixture[str], what: list[str]
) -> None:
    assert cli.main(["stop", *what, *WHY]) == 0
    assert in_force(at_home) == [" ".join(what)]
    assert cli.main(["stops"]) == 0
    out = capsys.readouterr().out
    assert f"by {getuser()}: 利率写错了" in out and out.endswith("1 in force\n")
    assert cli.main(["resume", *what]) == 0
    assert in_force(at_home) == []
    assert cli.main(["stops"]) == 0
    out = capsys.readouterr().out
    assert f"resumed by {getuser()}" not in out and "0 in force" in out and f"by {getuser()}: 利率写错了" in out


@pytest.mark.parametrize(
    ("argv", "answer"),
    [
        (["stop", "script", "loan_rate_mortage", *WHY], "loan_rate_mortgage"),
        (["stop", "topic", "weather", *WHY], "there is no topic weather"),
        (["stop", "bot", "all", *WHY], "stop what?"),
        (["stop", "script", *WHY], "stop what?"),
        (["stop", "bot", "--why", " "], "--why"),
        (["stop", "bot", *WHY, "--until", "tomorrow"], "--until tomorrow"),
        (["stop", "bot", *WHY, "--until", "2020-01-01"], "past"),
        (["resume", "bot"], "bot is not stopped"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_stops_nothing(
    at_home: House, capsys: pytest.CaptureFixture[str], argv: list[str], answer: str
) -> None:
    assert cli.main(argv) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("qiantai: ") and answer in line
    assert in_force(at_home) == []


def test_the_same_again_is_refused_and_names_the_first(at_home: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["stop", "bot", *WHY]) == 0
    assert cli.main(["stop", "bot", "--why", "又一次"]) == 1
    assert "stopped already" in capsys.readouterr().err
    assert in_force(at_home) == ["bot"]


def test_a_stop_is_possible_while_the_knowledge_is_broken(
    at_home: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QIANTAI_KNOWLEDGE", str(tmp_path / "nowhere"))
    assert cli.main(["stop", "script", "loan_rate_mortgage", *WHY]) == 0
    assert in_force(at_home) == ["script loan_rate_mortgage"]


def test_a_database_that_was_not_migrated_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QIANTAI_HOME", str(tmp_path))
    (tmp_path / "qiantai.db").touch()
    assert cli.main(["stops"]) == 1
    assert "qiantai migrate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("18:00", datetime(2026, 11, 22, 18, tzinfo=BEIJING)),
        ("2026-11-23 09:30", datetime(2026, 11, 23, 9, 30, tzinfo=BEIJING)),
        ("2026-11-22T18:00+09:00", datetime(2026, 11, 22, 17, tzinfo=BEIJING)),
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 18, tzinfo=BEIJING)),
    ],
)
def test_a_moment_is_beijing_time_unless_it_says_otherwise(text: str, meant: datetime) -> None:
    assert moment(text, SUNDAY_NOON) == meant


@pytest.mark.parametrize("text", ["11:59", "25:00", "2026-11-22 12:00", "soon"])
def test_a_moment_that_is_past_or_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        moment(text, SUNDAY_NOON + timedelta(0))
