"""What an operator types, and what comes back: a line and a code, never a traceback."""

from __future__ import annotations

import io
from pathlib import Path
from shutil import copytree

import pytest
from support import Chat

from bot import cli
from bot.assistant.fake import FakeAssistant, understood
from bot.clock import SystemClock
from bot.conversation.model import Line
from bot.errors import Unauthorized
from bot.evidence.command import operator
from bot.privacy.audit import entries
from bot.wiring import House

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def at_home(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Commands work on this house."""
    monkeypatch.setenv("QIANTAI_HOME", str(house.settings.home))
    for name in ("QIANTAI_ENV", "QIANTAI_DATABASE_URL", "QIANTAI_KNOWLEDGE"):
        monkeypatch.delenv(name, raising=False)
    return house


def typing(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(line))


class TestVerify:
    def test_finds_every_chain_whole(self, at_home: House, capsys: pytest.CaptureFixture[str]) -> None:
        Chat(at_home, FakeAssistant(otherwise=understood("greet", Line("greet")))).says("你好")
        assert cli.main(["verify"]) == 0
        assert capsys.readouterr().out == "1 conversations, 0 broken\n"

    def test_names_the_conversation_and_the_place_where_a_chain_breaks(
        self, at_home: House, capsys: pytest.CaptureFixture[str]
    ) -> None:
        chat = Chat(at_home, FakeAssistant(otherwise=understood("greet", Line("greet"))))
        chat.says("你好")
        Chat(at_home, chat.assistant)
        with at_home.db.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE conversation_events SET payload = '{}' WHERE conversation_id = ? AND seq = 2", (chat.id,)
            )
        assert cli.main(["verify"]) == 1
        assert capsys.readouterr().out.splitlines() == [
            f"conversation {chat.id}: the chain breaks at 2",
            "2 conversations, 1 broken",
        ]

    def test_lets_customers_write_between_two_conversations(self, at_home: House) -> None:
        chats = [Chat(at_home, FakeAssistant()) for _ in range(2)]
        looking = cli.chains(at_home.db)
        assert next(looking)[1] is None
        assert chats[0].sends("你好") == 2
        assert [seq for _, seq in looking] == [None]


class TestAgent:
    def test_is_made_with_a_password_and_signs_in(self, at_home: House, monkeypatch: pytest.MonkeyPatch) -> None:
        typing(monkeypatch, "a long password\n")
        assert cli.main(["agent", "mei", "--name", "客服001"]) == 0
        agent = at_home.staff.sign_in("mei", "a long password").agent
        assert (agent.name, agent.supervisor) == ("客服001", False)

    def test_gets_a_new_password_and_a_role(self, at_home: House, monkeypatch: pytest.MonkeyPatch) -> None:
        at_home.staff.put("mei", "客服001", "a long password")
        typing(monkeypatch, "another password\n")
        assert cli.main(["agent", "mei", "--name", "主管", "--supervisor"]) == 0
        assert at_home.staff.sign_in("mei", "another password").agent.supervisor
        with pytest.raises(Unauthorized):
            at_home.staff.sign_in("mei", "a long password")

    @pytest.mark.parametrize("password", ["", "short", "elevenchars"])
    def test_with_a_short_password_is_refused_in_one_line(
        self, at_home: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], password: str
    ) -> None:
        typing(monkeypatch, password + "\n")
        assert cli.main(["agent", "mei", "--name", "客服001"]) == 1
        assert capsys.readouterr().err == "qiantai: the password must have at least 12 characters\n"
        assert at_home.staff.names() == []


class TestPeople:
    @pytest.fixture(autouse=True)
    def known(self, at_home: House) -> None:
        at_home.staff.put("mei", "客服001", "a long password", ("senior",))

    def test_are_listed_one_a_line(self, at_home: House, capsys: pytest.CaptureFixture[str]) -> None:
        at_home.people.change("ada", "mei", {"skills": ["consult"]})
        assert cli.main(["people", "list"]) == 0
        assert capsys.readouterr().out == "mei  offline  senior  skills consult  limit 3  客服001\n"

    def test_skills_and_limit_are_set(self, at_home: House) -> None:
        assert cli.main(["people", "skills", "mei", "consult", "complaints"]) == 0
        assert cli.main(["people", "limit", "mei", "1"]) == 0
        shown = at_home.people.one("mei")
        assert (shown["skills"], shown["limit"]) == (["consult", "complaints"], 1)
        assert cli.main(["people", "skills", "mei"]) == 0
        assert at_home.people.one("mei")["skills"] == []

    def test_sessions_are_listed_and_ended(self, at_home: House, capsys: pytest.CaptureFixture[str]) -> None:
        at_home.staff.clock = SystemClock()  # the command's
        session = at_home.staff.sign_in("mei", "a long password", "Firefox")
        assert cli.main(["people", "sessions", "mei"]) == 0
        id_, *_, browser = capsys.readouterr().out.split()
        assert browser == "Firefox"
        assert cli.main(["people", "end", "mei", id_]) == 0
        with pytest.raises(Unauthorized):
            at_home.staff.session(session.token)

    def test_one_is_disabled_and_enabled_by_the_operator_whose_name_stands_in_the_record(self, at_home: House) -> None:
        assert cli.main(["people", "disable", "mei"]) == 0
        assert at_home.people.one("mei")["disabled"]
        assert cli.main(["people", "enable", "mei"]) == 0
        assert cli.main(["people", "unlock", "mei"]) == 0
        assert at_home.staff.sign_in("mei", "a long password")
        with at_home.db.transaction() as tx:
            assert {(e.actor, e.action) for e in entries(tx)} == {
                (operator(), "desk:account:disable"),
                (operator(), "desk:account:enable"),
            }

    @pytest.mark.parametrize("argv", [["disable", "nobody"], ["limit", "mei", "99"], ["skills", "mei", "magic"]])
    def test_what_cannot_be_is_one_line(
        self, at_home: House, capsys: pytest.CaptureFixture[str], argv: list[str]
    ) -> None:
        assert cli.main(["people", *argv]) == 1
        assert capsys.readouterr().err.startswith("qiantai: ")


class TestCheckKnowledge:
    def test_what_is_right_is_counted(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check-knowledge", str(ROOT / "knowledge")]) == 0
        assert "话术" in capsys.readouterr().out

    def test_what_is_wrong_is_told_by_file_and_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        copytree(ROOT / "knowledge", tmp_path / "knowledge")
        file = tmp_path / "knowledge" / "escalation.yml"
        file.write_text(file.read_text().replace("thread_limit_s: 300", "thread_limit_s: 五分钟"))
        assert cli.main(["check-knowledge", str(tmp_path / "knowledge")]) == 1
        out = capsys.readouterr().out
        assert "escalation.yml" in out and "thread_limit_s" in out and "Traceback" not in out

    def test_a_folder_that_is_not_there(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check-knowledge", str(tmp_path / "nowhere")]) == 1
        said = capsys.readouterr()
        assert "nowhere" in said.out + said.err and "Traceback" not in said.out + said.err


class TestMigrate:
    def test_makes_the_database_where_there_is_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QIANTAI_HOME", str(tmp_path / "new"))
        assert cli.main(["migrate"]) == 0
        assert cli.main(["verify"]) == 0


@pytest.mark.parametrize("name", ["PORT", "QIANTAI_ENV", "QIANTAI_SECRET_KEY"])
@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["verify"]])
def test_a_wrong_setting_is_one_line_whatever_the_command(
    at_home: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str], name: str
) -> None:
    monkeypatch.setenv(name, "wrong")
    assert cli.main(command) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"qiantai: {name}")


@pytest.mark.parametrize("argv", [[], ["no-such-command"], ["agent"], ["agent", "mei"]])
def test_what_is_no_command_shows_how_to_use_it(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(argv)
    assert ended.value.code == 2
    assert "usage: qiantai" in capsys.readouterr().err
