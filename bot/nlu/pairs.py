"""Make the judge of repeated questions ready: from its file, or learnt from data/pairs/ where that or its code changed.

People who write a question again for a data set write it longer than others, and a judge would learn just that. So each
pair that is the same, or another matter, is learnt the other way round too, and each rewording stands beside questions
that are near and other as well (`crossed`): then neither length nor manner tells anything by itself (decision 0021).
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu import ngrams, repetition
from bot.nlu.models import clear_old
from bot.nlu.repetition import Judge, Said
from bot.settings import ROOT
from bot.text import similarity
from bot.text.normalise import normalise

log = logging.getLogger(__name__)
PAIRS = ROOT / "data" / "pairs"
KINDS = ("same", "follow", "other")
NEAR = slice(4, 30)  # of the questions most like the first; the very first may well be the same
CROSSED = 2  # for each rewording
Parse = Callable[[str], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True)
class Pair:
    author: str
    again: bool
    first: str
    second: str
    kind: str


def read(folder: Path = PAIRS) -> list[Pair]:
    """`kind<TAB>first<TAB>second` a line, one file an author."""
    return [_pair(path.stem, line) for path in sorted(folder.glob("*.tsv")) for line in _lines(path)]


def widened(pairs: Sequence[Pair]) -> list[Pair]:
    """With those turned round and those crossed. The same pairs give the same."""
    return [
        *pairs,
        *_turned(pairs),
        *(one for author in sorted({p.author for p in pairs}) for one in crossed(pairs, author)),
    ]


def crossed(pairs: Sequence[Pair], author: str) -> Iterator[Pair]:
    """Each of the author's rewordings behind another question of theirs that is near."""
    own = [pair for pair in pairs if pair.author == author]
    firsts = list(dict.fromkeys(pair.first for pair in own))
    documents = [ngrams.terms(normalise(first), (), 1, 2) for first in firsts]
    tfidf = ngrams.Tfidf.fit(documents, 1.0)
    rows = tfidf.rows(documents)
    alike = (rows @ rows.T).toarray()
    chance = random.Random(0)
    for pair in own:
        if pair.again:
            place = firsts.index(pair.first)
            near = [int(one) for one in (-alike[place]).argsort(kind="stable") if one != place][NEAR]
            for other in chance.sample(near, min(CROSSED, len(near))):
                yield Pair(author, False, firsts[other], pair.second, "crossed")


def digest(folder: Path = PAIRS) -> str:
    """Changes when, and only when, the pairs or the way of learning do. Not with the model: it learns how much the
    model's opinions are worth, and that changes little."""
    made = hashlib.sha256()
    for module in (repetition, ngrams, similarity):
        made.update(inspect.getsource(module).encode())
    made.update(inspect.getsource(widened).encode() + inspect.getsource(crossed).encode())
    for path in sorted(folder.glob("*.tsv")):
        made.update(path.name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()[:12]


def judge_at(models: Path, parse: Callable[[], Parse], folder: Path = PAIRS) -> Judge:
    """Half a minute where it must be learnt; `parse` is made only then."""
    path = place(models, folder)
    found = repetition.load(path)
    if found is not None:
        return found
    started = time.monotonic()
    name = path.stem.removeprefix("judge-")
    made = learnt(widened(read(folder)), asyncio.run(_heard(read(folder), parse())), name)
    repetition.save(made, path)
    clear_old(models, "judge-*.json")
    log.info("judge: learnt %s in %.1f s", name, time.monotonic() - started)
    return made


def learnt(pairs: Sequence[Pair], said: Mapping[str, Said], name: str) -> Judge:
    return repetition.learn(
        [(said[pair.first], said[pair.second]) for pair in pairs], [pair.again for pair in pairs], name
    )


def place(models: Path, folder: Path = PAIRS) -> Path:
    return models / f"judge-{digest(folder)}.json"


async def _heard(pairs: Sequence[Pair], parse: Parse) -> dict[str, Said]:
    texts = dict.fromkeys(text for pair in pairs for text in (pair.first, pair.second))
    return {text: Said.of(text, await parse(text)) for text in texts}


def _turned(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """What goes on from the first does not go on from the second: only these two kinds can be turned round."""
    for pair in pairs:
        if pair.kind in ("same", "other"):
            yield Pair(pair.author, pair.again, pair.second, pair.first, pair.kind)


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _pair(author: str, line: str) -> Pair:
    kind, first, second = line.split("\t")
    if kind not in KINDS:
        raise ValueError(f"data/pairs/{author}.tsv: {kind!r} is none of {', '.join(KINDS)}")
    return Pair(author, kind == "same", first, second, kind)
