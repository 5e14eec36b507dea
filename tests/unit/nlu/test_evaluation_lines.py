"""A file of labelled lines is read whole, or refused with the place of every mistake."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import InvalidInput
from bot.nlu.evaluation.lines import LONGEST, Line, read

LABELS = {"loan_rate", "loan_apply", "out_of_scope"}
Written = Callable[[str | bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(content: str | bytes) -> Path:
        file = tmp_path / "lines.tsv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return write


def refused(file: Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        read(file, LABELS)
    return caught.value.message


def test_label_and_alternatives(written: Written) -> None:
    content = "利息多少\tloan_rate\n\n急用钱\tloan_apply\tloan_rate, out_of_scope\n天气\tout_of_scope\t\n"
    found = read(written(content), LABELS)
    assert found.lines == (
        Line("利息多少", "loan_rate", frozenset(), 1),
        Line("急用钱", "loan_apply", frozenset({"loan_rate", "out_of_scope"}), 3),
        Line("天气", "out_of_scope", frozenset(), 4),
    )
    assert found.digest == hashlib.sha256(content.encode()).hexdigest()
    assert [line.in_scope for line in found.lines] == [True, True, False]
    assert found.lines[1].accepted == LABELS


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_as_windows_saves_it(written: Written, ends: str, mark: str) -> None:
    found = read(written(f"{mark}利息\tloan_rate{ends}借钱\tloan_apply{ends}"), LABELS)
    assert [(line.text, line.wanted) for line in found.lines] == [("利息", "loan_rate"), ("借钱", "loan_apply")]


def test_what_python_takes_for_a_line_end_is_text(written: Written) -> None:
    found = read(written("利\u2028息\x85\x0c多少\tloan_rate\n"), LABELS)
    assert [line.text for line in found.lines] == ["利\u2028息\x85\x0c多少"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("利息多少 loan_rate", "no tab"),
        ("利息多少\tloan_rates", "unknown label 'loan_rates'"),
        ("利息多少\t", "unknown label ''"),
        ("利息多少\tnlu_fallback", "unknown label 'nlu_fallback'"),
        ("利息多少\tloan_rate\tloan_apply,loan", "unknown label 'loan'"),
        ("利息多少\tloan_rate\tloan_apply,", "unknown label ''"),
        ("利息多少\tloan_rate\tloan_apply\tmore", "3 tabs"),
        ("\tloan_rate", "empty text"),
        (" \u200b\tloan_rate", "empty text"),
        ("//\tloan_rate", "empty text"),
        ("息" * (LONGEST + 1) + "\tloan_rate", "1001 characters"),
    ],
)
def test_a_wrong_line_is_named(written: Written, line: str, said: str) -> None:
    file = written(f"利息\tloan_rate\n{line}\n")
    assert refused(file).startswith(f"{file}:2: {said}")


def test_all_wrong_lines_are_named_at_once(written: Written) -> None:
    file = written("一\n二\tloan_rate\n三\tx\n")
    assert [told.split(": ")[0] for told in refused(file).splitlines()] == [f"{file}:1", f"{file}:3"]
    many = refused(written("一\n" * 25)).splitlines()
    assert len(many) == 21 and many[-1] == "and 5 more"


def test_another_encoding(written: Written) -> None:
    file = written("利息\tloan_rate\n".encode() + "借钱\tloan_apply\n".encode("gbk"))
    assert refused(file).startswith(f"{file}:2: not UTF-8")
    assert refused(written("利息\tloan_rate\n".encode("utf-16"))).startswith(f"{file}:1: not UTF-8")


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff"])
def test_nothing_to_measure(written: Written, content: str) -> None:
    assert "holds no line" in refused(written(content))


def test_no_such_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.tsv") == f"{tmp_path / 'none.tsv'}: No such file or directory"
    assert refused(tmp_path) == f"{tmp_path}: Is a directory"
