"""What holds the house together: who imports whom, where wording stands, and what importing a part may do.

The rules are the design's ("The house", "Imports go down only") and the issue's; each exception names its reason, and
an exception that is no longer needed fails too.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from importlinter.api import read_configuration

from bot.knowledge.vocabulary import PHRASES

ROOT = Path(__file__).resolve().parent.parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
FIGURE = re.compile(r"\d\s*(?:%|％|‰|元|万|亿|块钱|个?百分点|个?基点|BP\b)")
MOST_LINES = 300


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


SOURCES = python_files("bot", "actions")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every string that the program may say: literals and the fixed parts of f-strings, but no docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


class TestImports:
    def test_go_down_only(self) -> None:
        """In a process of its own: it forks workers, which a process that holds a model and its threads must not."""
        command = Path(sys.executable).with_name("lint-imports")
        run = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, run.stdout + run.stderr
        assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", run.stdout), run.stdout

    def test_every_part_stands_on_a_floor(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A part that no contract names would be free to import anything."""
        without = {
            "bot.logs": "sets up the root logger; imports nothing of ours",
            "bot.tables": "gathers the tables for migrations, and nobody else imports it",
            "bot.migrations": "run by Alembic only",
        }
        monkeypatch.chdir(ROOT)
        contracts = read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]
        (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
        floors = {part.strip() for layer in layers for part in re.split(r"[:|]", layer)}
        parts = {".".join(module(path).split(".")[:2]) for path in python_files("bot")} - {"bot"}
        assert parts - floors == set(without)
        assert floors - parts == {"actions"}

    def test_only_two_parts_speak_to_the_world_outside(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The contract must name every other part: one that it forgets could open a connection of its own."""
        monkeypatch.chdir(ROOT)
        contracts = read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]
        (held,) = [
            contract["source_modules"] for contract in contracts if contract.get("forbidden_modules") == ["httpx"]
        ]
        free = [
            module(path)
            for path in SOURCES
            if not any(module(path) == part or module(path).startswith(part + ".") for part in held)
        ]
        outside = ("bot.channels.wechat", "bot.notices", "bot.migrations")  # migrations are run by Alembic only
        assert [name for name in free if name not in ("bot", "bot.channels") and not name.startswith(outside)] == []

    @pytest.mark.parametrize(
        ("library", "allowed"),
        [
            ("rasa", ("bot/nlu/", "bot/assistant/")),
            ("rasa_sdk", ("actions/", "bot/assistant/processor.py")),  # the processor runs the actions in this process
            ("tensorflow", ()),
            # http, pages and health are what app, channels and console share
            ("sanic", ("bot/app.py", "bot/channels/", "bot/console/", "bot/http.py", "bot/pages.py", "bot/health.py")),
            ("alembic", ("bot/migrate.py", "bot/migrations/")),
            ("argon2", ("bot/desk/",)),
            ("cryptography", ("bot/privacy/", "bot/channels/wechat/crypto.py")),
            ("defusedxml", ("bot/channels/wechat/markup.py",)),
            ("httpx", ("bot/channels/wechat/", "bot/notices/adapters.py")),  # what leaves the bank's house
        ],
    )
    def test_a_library_is_used_where_it_belongs(self, library: str, allowed: tuple[str, ...]) -> None:
        users = {name(path) for path in SOURCES if any(i.split(".")[0] == library for i in imported(path))}
        assert {user for user in users if not user.startswith(allowed)} == set()
        assert all(any(user.startswith(place) for user in users) for place in allowed), "an exception nobody needs"


class TestWording:
    """Wording that customers read lives in knowledge/. Chinese in Python is allowed only here, each with its reason."""

    CLERKS = "told to the clerks who edit knowledge/, by the checker"
    READING = "words by which customers' texts are read; never said"
    NAMES = "names that code and knowledge/ share"
    ALLOWED = {  # noqa: RUF012
        "bot/cli.py": "the command's own help, for operators",
        "bot/compliance/engine.py": "why the guard refuses, for agents and the record",
        "bot/compliance/figures.py": READING,
        "bot/compliance/negation.py": READING,
        "bot/compliance/promises.py": READING,
        "bot/compliance/quantities.py": READING,
        "bot/compliance/quotation.py": READING,
        "bot/conversation/callback.py": READING,
        "bot/conversation/survey/command.py": "figures for the bank's staff; no customer reads them",
        "bot/knowledge/bank.py": CLERKS,
        "bot/text/choosing.py": READING,
        "bot/text/matters.py": READING,
        "bot/conversation/showing.py": CLERKS,
        "bot/evidence/words.py": "what the bank's compliance staff read of the record; no customer or agent does",
        "bot/console/case_bodies.py": NAMES,
        "bot/knowledge/complaints.py": NAMES,
        "bot/knowledge/rules_complaints.py": CLERKS,
        "bot/tickets/about.py": READING,
        "bot/tickets/aftercare.py": NAMES,
        "bot/tickets/opening.py": NAMES,
        "bot/tickets/particulars.py": READING,
        "bot/tickets/promises.py": READING,
        "bot/tickets/recusal.py": READING,
        "bot/knowledge/check.py": CLERKS,
        "bot/knowledge/commands.py": CLERKS,
        "bot/knowledge/diff.py": CLERKS,
        "bot/knowledge/expiring.py": CLERKS,
        "bot/knowledge/exporting.py": CLERKS,
        "bot/knowledge/files.py": CLERKS,
        "bot/knowledge/importing.py": CLERKS,
        "bot/knowledge/escalation.py": CLERKS,
        "bot/knowledge/guard.py": CLERKS,
        "bot/knowledge/loading.py": CLERKS,
        "bot/knowledge/model.py": CLERKS,
        "bot/knowledge/plausible.py": CLERKS,
        "bot/knowledge/problems.py": CLERKS,
        "bot/knowledge/rates_csv.py": CLERKS,
        "bot/knowledge/rules.py": CLERKS,
        "bot/knowledge/rules_editions.py": CLERKS,
        "bot/knowledge/rules_escalation.py": CLERKS,
        "bot/knowledge/rules_fit.py": CLERKS,
        "bot/knowledge/rules_replies.py": CLERKS,
        "bot/knowledge/rules_scripts.py": CLERKS,
        "bot/knowledge/rules_survey.py": CLERKS,
        "bot/knowledge/source.py": CLERKS,
        "bot/knowledge/survey.py": CLERKS,
        "bot/knowledge/tone.py": CLERKS,
        "bot/knowledge/vocabulary.py": NAMES,
        "bot/knowledge/warnings.py": CLERKS,
        "bot/nlu/surface.py": READING,
        "bot/text/ages.py": READING,
        "bot/text/entities.py": READING,
        "bot/text/mask.py": "the tokens that stand for personal data, one form everywhere",
        "bot/text/mask_names.py": READING,
        "bot/text/mask_numbers.py": READING,
        "bot/text/mask_secrets.py": READING,
        "bot/text/normalise.py": READING,
        "bot/text/person.py": READING,
        "bot/text/places.py": READING,
        "bot/text/remarks.py": READING,
        "bot/text/similarity.py": READING,
        "bot/tickets/model.py": NAMES,
        "bot/tickets/words.py": READING,
    }
    DATES = {  # noqa: RUF012
        "bot/conversation/queueing.py": "how a moment is spoken",
        "bot/knowledge/templates.py": "how a date is spoken",
    }

    def test_stands_in_no_python_file(self) -> None:
        found = {name(path) for path in SOURCES if any(CHINESE.search(text) for _, text in strings(path))}
        assert found - set(self.ALLOWED) - set(self.DATES) == set()
        assert (set(self.ALLOWED) | set(self.DATES)) - found == set(), "an exception nobody needs"

    @pytest.mark.parametrize("file", DATES)
    def test_where_dates_are_written_nothing_else_is(self, file: str) -> None:
        said = "".join(text for _, text in strings(ROOT / file) if CHINESE.search(text))
        assert set(CHINESE.findall(said)) <= set("年月日")

    def test_is_no_errors_default_message(self) -> None:
        """Docstrings of errors are messages: people read the phrase problem_… instead."""
        speaking = [
            f"{name(path)}:{node.lineno}"
            for path in SOURCES
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ClassDef)
            and any(isinstance(base, ast.Name) and base.id[0].isupper() for base in node.bases)
            and any(isinstance(stmt, ast.Assign) and _target(stmt) in ("type", "status") for stmt in node.body)
            and CHINESE.search(ast.get_docstring(node) or "")
        ]
        assert speaking == []

    def test_holds_no_figure_in_python(self) -> None:
        """Rates, fees and amounts have a source and a date, in knowledge/figures.yml."""
        # print what they measured, in percent
        measuring = ("bot/nlu/evaluate.py", "bot/nlu/evaluation/", "bot/compliance/evaluate.py")
        found = {
            f"{name(path)}:{line} {text!r}" for path in SOURCES for line, text in strings(path) if FIGURE.search(text)
        }
        assert {place for place in found if not place.startswith(measuring)} == set()

    def test_stands_not_in_the_domain(self) -> None:
        domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
        assert "responses" not in domain
        said = json.dumps(domain, ensure_ascii=False)
        assert not CHINESE.search(said) and not FIGURE.search(said)

    def test_is_no_part_of_rules_and_stories(self) -> None:
        """They say which action follows, never what it says."""
        files = [*(ROOT / "data" / "rules").glob("*.yml"), *(ROOT / "data" / "stories").glob("*.yml")]
        assert files
        actions = {
            step["action"]
            for file in files
            for kind in ("rules", "stories")
            for told in yaml.safe_load(file.read_text(encoding="utf-8")).get(kind) or ()
            for step in told["steps"]
            if "action" in step
        }
        assert actions and not [action for action in actions if action.startswith("utter_")]


def _target(statement: ast.Assign) -> str:
    (target,) = statement.targets
    return target.id if isinstance(target, ast.Name) else ""


class TestPhrases:
    SAYING = ("phrase", "Line", "_announce", "requeue", "finish")  # functions that take a phrase's id
    # ids put together from a value
    FAMILIES = (
        "choice_",
        "case_state_",
        "problem_",
        "deadline_",
        "complaint_",
        "heard_",
        "case_event_",
        "case_channel_",
        "case_linked_",
        "case_column_",
        "case_kind_",
        "case_customer_",
        "case_actor_",
        "case_way_",
        "told_",
    )

    def said(self) -> Iterator[tuple[str, str]]:
        """(where, id) of every phrase that code names."""
        for path in SOURCES:
            for node in ast.walk(tree(path)):
                named: list[ast.expr] = []
                if isinstance(node, ast.Call):
                    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    if (
                        function in self.SAYING and _owner(node) != "turns"
                    ):  # turns.finish ends a turn, and says nothing
                        named += node.args[: 1 if function in ("phrase", "Line") else None]
                    named += [keyword.value for keyword in node.keywords if keyword.arg == "phrase"]
                elif isinstance(node, ast.Assign) and _target_name(node) == "phrase":
                    named.append(node.value)
                for expression in named:
                    yield from ((f"{name(path)}:{node.lineno}", id_) for id_ in _constants(expression))

    def test_that_code_says_are_known(self) -> None:
        known = [(where, id_) for where, id_ in self.said() if id_ in PHRASES]
        unknown = [
            (where, id_) for where, id_ in self.said() if id_ not in PHRASES and not id_.startswith(self.FAMILIES)
        ]
        assert unknown == []
        assert len({id_ for _, id_ in known}) > 30, "the search finds them no longer"

    def test_that_are_put_together_begin_like_known_ones(self) -> None:
        assert all(any(id_.startswith(family) for id_ in PHRASES) for family in self.FAMILIES)

    def test_that_are_known_are_said(self) -> None:
        """A phrase that nobody says is a text that somebody keeps up for nothing."""
        words = {text for path in SOURCES if name(path) != "bot/knowledge/vocabulary.py" for _, text in strings(path)}
        silent = {id_ for id_ in PHRASES if id_ not in words and not id_.startswith(self.FAMILIES)}
        assert silent == set()


def _owner(call: ast.Call) -> str:
    value = call.func.value if isinstance(call.func, ast.Attribute) else None
    return value.id if isinstance(value, ast.Name) else ""


def _target_name(node: ast.Assign) -> str:
    return node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""


def _constants(node: ast.expr) -> Iterator[str]:
    """The ids that an expression may come to."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_constants(node.body), *_constants(node.orelse))
    elif isinstance(node, ast.BoolOp | ast.Dict):
        yield from (id_ for value in node.values for id_ in _constants(value))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        yield from (*_constants(node.func.value), *(id_ for default in node.args[1:] for id_ in _constants(default)))


class TestTime:
    def test_comes_from_the_clock(self) -> None:
        """Every rule is tested with a frozen clock, so none may ask the time itself, or wait."""
        forbidden = {
            ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
            ("time", "time"), ("time", "sleep"), ("time", "localtime"),
        }  # fmt: skip
        asked = [
            f"{name(path)}:{node.lineno}"
            for path in SOURCES
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and (node.func.value.id, node.func.attr) in forbidden
        ]
        assert [place.split(":")[0] for place in asked] == ["bot/clock.py"]


class TestFiles:
    def test_fit_on_a_few_screens(self) -> None:
        lines = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
        assert {file: count for file, count in lines.items() if count > MOST_LINES} == {}

    def test_name_no_package_registry_and_nobodys_home(self) -> None:
        places = ("pypi" + ".org", "pythonhosted" + ".org", "registry." + "npmjs", "/ro" + "ot/", "/ho" + "me/")
        pattern = re.compile("|".join(re.escape(place) for place in places))
        found = []
        for file in tracked():
            try:
                text = (ROOT / file).read_text(encoding="utf-8")
            except (UnicodeDecodeError, FileNotFoundError):
                continue  # a picture, or just being moved
            found += [f"{file}: {match.group()}" for match in pattern.finditer(text)]
        assert found == []

    def test_state_is_never_tracked(self) -> None:
        kept = ("var/", ".venv/", "web/dist/", "web/node_modules/", "models/")
        assert [file for file in tracked() if file.startswith(kept) or file.endswith((".db", ".pem", ".tar.gz"))] == []


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [file for file in listed.stdout.split("\0") if file]


def _holds(file: Path, test: str) -> bool:
    """Is there such a test, in Python or in TypeScript?"""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return f"def {test}(" in text or f'it("{test}"' in text


class TestDocuments:
    def test_the_readme_shows_the_two_commands(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        assert "make run" in readme and "make test" in readme
        assert CHINESE.search(readme) and re.search(r"(?i)english", readme)

    def test_pictures_and_pages_that_the_readme_shows_are_there(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        shown = [link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", readme) if "://" not in link]
        assert [link for link in shown if not (ROOT / link).exists()] == []

    def test_tests_that_a_page_names_are_there(self) -> None:
        page = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
        named = re.findall(r"`([\w./-]+)::([^`]+)`", page)
        assert len(named) > 20
        assert [f"{file}::{name}" for file, name in named if not _holds(ROOT / file, name)] == []

    def test_every_decision_has_a_title_and_a_reason(self) -> None:
        pages = [page for page in sorted((ROOT / "docs" / "decisions").glob("*.md")) if page.name != "README.md"]
        assert pages, "no page in docs/decisions"
        for page in pages:
            text = page.read_text(encoding="utf-8")
            number = re.fullmatch(r"(\d{4})-[a-z0-9-]+\.md", page.name)
            assert number, page.name
            assert text.startswith(f"# {number[1]} "), page.name
            for part in ("Decision", "Reason"):
                assert re.search(rf"^(?:#+ |\*\*){part}", text, re.MULTILINE), f"{page.name}: no {part.lower()}"

    def test_every_decision_that_code_names_is_written(self) -> None:
        files = [*SOURCES, ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / "config.yml"]
        named = {
            page
            for file in files
            for page in re.findall(r"docs/decisions/[\w.-]+\.md", file.read_text(encoding="utf-8"))
        }
        assert {page for page in named if not (ROOT / page).exists()} == set()


PROBE = """
import gc, importlib, json, os, sys
opened, done = [], []
def watch(event, arguments):
    if done:
        return
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path, mode = os.fsdecode(arguments[0]), arguments[1] or "r"
        inside = os.path.abspath(path).startswith((ROOT + os.sep, HOME + os.sep))
        code = path.endswith((".py", ".pyc", ".so", ".mo")) or f"{os.sep}.venv{os.sep}" in path
        if inside and not code:
            opened.append(path)
    elif event in WATCHED:
        opened.append(event)
sys.addaudithook(watch)
for module in MODULES:
    importlib.import_module(module)
done.append(True)
engines = []
if "sqlalchemy" in sys.modules:
    from sqlalchemy.engine import Engine
    engines = [str(thing.url) for thing in gc.get_objects() if isinstance(thing, Engine)]
heavy = sorted({"rasa", "tensorflow", "spacy", "sklearn"} & set(sys.modules))
print("PROBE" + json.dumps({"opened": opened, "engines": engines, "heavy": heavy, "imported": len(MODULES)}))
"""


WATCHED = ("sqlite3.connect", "socket.connect", "socket.bind", "subprocess.Popen")


def imports_alone(modules: list[str], home: Path, watched: tuple[str, ...] = WATCHED) -> dict:
    """What importing these modules did, in a process of its own with an empty home."""
    home.mkdir()
    head = f"ROOT, HOME, MODULES, WATCHED = {str(ROOT)!r}, {str(home)!r}, {modules!r}, {watched!r}\n"
    env = {key: value for key, value in os.environ.items() if not key.startswith(("QIANTAI_", "PORT"))}
    ran = subprocess.run(
        [sys.executable, "-c", head + PROBE],
        cwd=home,
        env={**env, "QIANTAI_HOME": str(home), "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    line = next(line for line in ran.stdout.splitlines() if line.startswith("PROBE"))
    return json.loads(line.removeprefix("PROBE"))


class TestImporting:
    """No engine, no file, no client at import."""

    HEAVY = ("bot.nlu", "bot.assistant")
    NOT_IMPORTED = ("bot.migrations",)  # run by Alembic, inside a migration only

    def modules(self, heavy: bool) -> list[str]:
        return [
            module(path)
            for path in SOURCES
            if not module(path).startswith(self.NOT_IMPORTED)
            and (heavy or not module(path).startswith((*self.HEAVY, "actions")))
        ]

    def test_everything_but_the_assistant_starts_without_rasa(self, tmp_path: Path) -> None:
        done = imports_alone(self.modules(heavy=False), tmp_path / "home")
        assert done == {"opened": [], "engines": [], "heavy": [], "imported": done["imported"]}
        assert done["imported"] > 50
        assert list((tmp_path / "home").iterdir()) == []

    def test_the_assistant_too_does_nothing_at_import(self, tmp_path: Path) -> None:
        # TensorFlow and what comes with it look at the machine: sockets and processes are not ours here
        done = imports_alone(self.modules(heavy=True), tmp_path / "home", watched=("sqlite3.connect", "socket.connect"))
        assert (done["opened"], done["engines"]) == ([], [])
        assert list((tmp_path / "home").iterdir()) == []

    def test_the_probe_sees_what_it_is_meant_to_see(self, tmp_path: Path) -> None:
        """A probe that cannot fail proves nothing."""
        (tmp_path / "careless.py").write_text(
            "import pathlib, sqlalchemy\n"
            f"text = pathlib.Path({str(ROOT / 'knowledge' / 'bank.yml')!r}).read_text()\n"
            "engine = sqlalchemy.create_engine('sqlite://')\nengine.connect()\n"
        )
        program = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        head = program + f"ROOT, HOME, MODULES, WATCHED = {str(ROOT)!r}, {str(tmp_path)!r}, ['careless'], {WATCHED}\n"
        ran = subprocess.run([sys.executable, "-c", head + PROBE], capture_output=True, text=True, check=True)
        done = json.loads(ran.stdout.removeprefix("PROBE"))
        assert "sqlite3.connect" in done["opened"] and any("bank.yml" in path for path in done["opened"])
        assert done["engines"] == ["sqlite://"]
