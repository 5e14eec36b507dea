"""What the survey must keep to beyond its form: ids that mean one thing, buttons that can be told apart."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.files import Entry, Files
from bot.knowledge.model import Script
from bot.knowledge.problems import Path, Problem, one_of
from bot.knowledge.survey import PREFIX, SKIP, Survey

_BRACES = frozenset("{}")


def check_survey(files: Files) -> Iterator[Problem]:
    for entry in files.all(Survey):
        yield from _ids(entry)
        yield from _labels(entry)
        yield from _score(entry)
        for i, question in enumerate(entry.value.questions):
            if _BRACES & set(question.text):
                yield entry.problem(("questions", i, "text"), "这里没有可以填的内容，不能写花括号")
    for script in files.all(Script):
        if script.value.id.startswith(PREFIX):
            yield script.problem(("id",), f"{PREFIX} 开头的编号留给满意度调查的答案，请换一个编号")


def _ids(entry: Entry[Survey]) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, question in enumerate(entry.value.questions):
        places: list[tuple[Path, str]] = [(("questions", i, "id"), str(question.id))]
        for j, answer in enumerate(question.answers):
            place: Path = ("questions", i, "answers", j, "id")
            places.append((place, str(answer.id)))
            if not answer.id.startswith(PREFIX) or answer.id.startswith(SKIP):
                yield entry.problem(place, f"答案的编号“{answer.id}”要以 {PREFIX} 开头，不能以 {SKIP} 开头")
        for path, id_ in places:
            if id_ in seen:
                yield entry.problem(path, f"编号“{id_}”重复，整个文件里每个编号都要不同")
            seen.add(id_)


def _labels(entry: Entry[Survey]) -> Iterator[Problem]:
    for i, question in enumerate(entry.value.questions):
        seen = {str(entry.value.skip)}
        for j, answer in enumerate(question.answers):
            if answer.label in seen:
                yield entry.problem(("questions", i, "answers", j, "label"), f"“{answer.label}”在这一题里重复了")
            seen.add(str(answer.label))


def _score(entry: Entry[Survey]) -> Iterator[Problem]:
    counted = [str(question.id) for question in entry.value.questions if question.answers]
    if entry.value.score_of not in counted:
        yield entry.problem(("score_of",), f"没有“{entry.value.score_of}”这个有得分的问题", one_of(counted))
