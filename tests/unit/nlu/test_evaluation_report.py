"""The report stands alone: whole HTML, plots inside, nothing loaded from elsewhere, every text escaped."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

import pytest

from bot.knowledge.vocabulary import OUT_OF_SCOPE as OUT
from bot.nlu.evaluation.figures import measure
from bot.nlu.evaluation.hearing import Judged, by_thresholds
from bot.nlu.evaluation.lines import Line
from bot.nlu.evaluation.report import page

NASTY = """<script src="http://example.com/x.js">alert('1')</script>&amp;<img src=x onerror=alert(1)>"""
EMPTY = {"meta", "img", "br", "link"}


class Page(HTMLParser):
    """What a browser would make of it; a tag that is not closed as it was opened is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def judged(text: str, wanted: str, *ranking: tuple[str, float]) -> Judged:
    return Judged(Line(text, wanted, frozenset(), 7), ranking, by_thresholds(ranking, 0.3, 0.05), 1.0, 1.0)


LINES = [
    judged("利息多少", "loan_rate", ("loan_rate", 0.9), ("loan_apply", 0.1)),
    judged(NASTY, "loan_rate", ("loan_apply", 0.8), ("loan_rate", 0.2)),
    judged("天气怎么样", OUT, ("loan_apply", 0.2), (OUT, 0.19)),
]


@pytest.fixture(scope="module")
def written() -> str:
    return page(measure(LINES), LINES, {"file": "<lines>.tsv", "model": "qiantai-1"})


def test_is_whole_html(written: str) -> None:
    found = Page(written)
    assert written.startswith("<!doctype html>")
    assert {"html", "head", "title", "style", "table", "img"} <= set(found.tags)
    assert {"Goals", "Confidence", "Labels", "Confusions", "Errors (2)"} <= set(found.texts)


def test_loads_nothing(written: str) -> None:
    found = Page(written)
    assert not {"script", "link", "iframe", "object", "base", "form"} & set(found.tags)
    assert [name for _, name, _ in found.attributes if name.startswith("on") or name in ("href", "srcset")] == []
    sources = [value for _, name, value in found.attributes if name == "src"]
    assert len(sources) == 4 and all(value.startswith("data:image/png;base64,") for value in sources)
    for value in sources:
        assert base64.b64decode(value.partition(",")[2], validate=True).startswith(b"\x89PNG")
    outside = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", written)
    assert "url(" not in outside and "@import" not in outside
    assert re.findall(r"(?:https?:)?//[\w.]+", outside) == ["http://example.com"]  # what a customer wrote, as text


def test_texts_are_escaped(written: str) -> None:
    found = Page(written)
    assert NASTY in found.texts and "<lines>.tsv" in found.texts
    assert "<script" not in written


def test_errors_are_listed_surest_first(written: str) -> None:
    found = Page(written).texts
    at = found.index(NASTY)
    assert found[at - 1 : at + 5] == ["7", NASTY, "loan_rate", "loan_apply", "0.800", "answered"]
    assert found.index("天气怎么样") > at and "asked back" in found
    assert "利息多少" not in found


def test_texts_can_be_left_out() -> None:
    found = page(measure(LINES), LINES, {"file": "lines.tsv"}, texts=False)
    assert "天气怎么样" not in found and "alert" not in found and "Errors" not in found


def test_a_perfect_model_has_no_confusions() -> None:
    right = LINES[:1]
    found = Page(page(measure(right), right, {}))
    assert "No label was taken for another." in found.texts
    assert sum(tag == "img" for tag in found.tags) == 3
