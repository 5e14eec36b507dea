"""What a box of the console's forms takes is what the server takes: both are read as written, nothing is built."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.console import case_bodies
from bot.console.case_bodies import ACTS, Correct, Entered, PromiseMade, TaskDone

FORMS = Path(__file__).resolve().parents[3] / "web" / "src" / "desk" / "tickets"
SIZES = {"name": ("Name",), "contact": ("Contact",), "words": ("Words", "Must", "Answer"), "story": ("Story",)}
LINES = "representatives"  # a box for several names, one a line: each of them has the server's size


def source(file: str) -> str:
    return (FORMS / file).read_text(encoding="utf-8")


def limits() -> dict[str, int]:
    (written,) = re.findall(r"export const LIMITS = \{(.*?)\} as const;", source("form.ts"), re.DOTALL)
    return {f"LIMITS.{name}": int(size) for name, size in re.findall(r"(\w+): ([\d_]+)", written)}


def size_of(body: type, field: str) -> int | None:
    """In characters; None for what is no text of a size."""
    return getattr(body.__fields__[field].type_, "max_length", None)


def test_the_sizes_are_the_servers() -> None:
    server = {
        f"LIMITS.{name}": {getattr(case_bodies, one).max_length for one in types} for name, types in SIZES.items()
    }
    assert {name: {size} for name, size in limits().items()} == server


def test_each_box_of_a_new_complaint_takes_what_the_server_takes() -> None:
    one = r'(?:field\(\s*|name: )"(\w+)"(?:(?!field\(|name: ).)*?\bmax: ([\w.]+)'
    found = dict(re.findall(one, source("intake.ts"), re.DOTALL))
    assert found.pop(LINES).isdecimal()
    assert {"name", "contact", "facts", "request", "on_behalf", "prefers"} <= set(found)
    assert {name: limits()[size] for name, size in found.items()} == {name: size_of(Entered, name) for name in found}


def test_each_box_of_what_is_corrected_takes_what_the_server_takes() -> None:
    one = r'name: "(\w+)"(?:(?!name: ).)*?\bmax: ([\w.]+)'
    found = dict(re.findall(one, source("correct.ts"), re.DOTALL))
    assert found.pop(LINES).isdecimal()
    assert {"name", "contact", "request", "basis", "on_behalf", "prefers"} <= set(found)
    assert {name: limits()[size] for name, size in found.items()} == {name: size_of(Correct, name) for name in found}


@pytest.mark.parametrize(
    ("file", "bodies"),
    [
        ("acts.ts", [body for body in ACTS.values() if body is not Correct]),
        ("tasks.ts", [TaskDone]),
        ("promise.ts", [PromiseMade]),
    ],
)
def test_what_is_typed_of_an_act_is_words_here_and_there(file: str, bodies: list[type]) -> None:
    """Names are chosen there, not typed."""
    assert set(re.findall(r"\bmax: ([\w.]+)", source(file))) == {"LIMITS.words"}
    sizes = {size_of(body, field) for body in bodies for field in body.__fields__}
    assert sizes - {None, limits()["LIMITS.name"]} == {limits()["LIMITS.words"]}
