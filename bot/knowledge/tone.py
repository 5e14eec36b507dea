"""How texts sound: impolite, blaming, full of jargon, breathless. Warnings with file and line; words in tone.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.files import Entry, Files
from bot.knowledge.model import Phrase, Script, Survey, Tone
from bot.knowledge.problems import Path, Problem, one_of

_BLANK = re.compile(r"\{[a-z][a-z0-9_]*\}")
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」")
_SENTENCE = re.compile(r"[^。！？；!?;\n]+")
_EXCLAMATION = re.compile(r"[!！]")
_FIGURE = "0000"  # stands for what a blank is filled with


def remarks(files: Files) -> Iterator[Problem]:
    """About every wording of scripts, drafts too, every phrase and every question of the survey."""
    for tone in files.values(Tone):
        for entry in files.all(Script):
            for place, text in entry.value.every_text():
                yield from _text(tone, entry, place, text)
        for phrase in files.all(Phrase):
            yield from _text(tone, phrase, ("text",), phrase.value.text)
        for survey in files.all(Survey):
            for i, question in enumerate(survey.value.questions):
                yield from _text(tone, survey, ("questions", i, "text"), question.text)


def _text(tone: Tone, entry: Entry[Script] | Entry[Phrase] | Entry[Survey], path: Path, text: str) -> Iterator[Problem]:
    filled = _BLANK.sub(_FIGURE, text)
    own = _QUOTED.sub("", filled)
    for words in tone.unless:
        own = own.replace(words, "")
    for word in tone.impolite:
        if word in own:
            yield entry.problem(path, f"语气：“{word}”不够礼貌", "对客户称“您”")
    for word in tone.blame:
        if word in own:
            yield entry.problem(path, f"语气：“{word}”像在责怪或推脱", "说怎么办，不说是谁的错")
    for jargon in tone.jargon:
        if jargon.word in own and not any(plain in filled for plain in jargon.plain):
            advice = f"同一段话里解释一下，{one_of(jargon.plain)}" if jargon.plain else "换一个客户听得懂的说法"
            yield entry.problem(path, f"语气：“{jargon.word}”是行话", advice)
    for sentence in _SENTENCE.findall(filled):
        if len(sentence.strip()) > tone.longest_sentence:
            start = f"{sentence.strip()[:10]}……"
            yield entry.problem(path, f"语气：一句话有{len(sentence.strip())}个字（{start}）", "拆成两句，或分行列出")
    if len(_EXCLAMATION.findall(own)) > tone.exclamations:
        yield entry.problem(path, f"语气：感叹号多于{tone.exclamations}个", "平静一些")
