"""How well does it understand an author it has not learnt from? `python -m bot.nlu.evaluate --without elders county`.

Trains the pipeline of config.yml itself without the training lines of one author (data/authors.tsv), judges those and
tries thresholds for asking back. `qiantai evaluate intents FILE` measures the trained model on any file of lines.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.nlu import embedding, environment
from bot.nlu.evaluation.figures import measure
from bot.nlu.evaluation.hearing import Decided, Judged, Ranking, by_thresholds, ranked
from bot.nlu.evaluation.lines import Line
from bot.nlu.evaluation.telling import could, tell
from bot.settings import ROOT

FALLBACK = "FallbackClassifier"
AUTHORS = ROOT / "data" / "authors.tsv"
FIRST = "first"
TRIED = ((0, 0), (0.3, 0.05), (0.4, 0.1), (0.5, 0.1), (0.6, 0.1), (0.72, 0.1), (0.8, 0.1))


@dataclass(frozen=True)
class Threshold:
    """What a pair of thresholds does: the share asked back, right among the answered, saved by the three offered."""

    sure: float
    lead: float
    asked: float
    right_when_answered: float
    wrong_answers: float
    saved: float


def try_threshold(judged: Sequence[Judged], sure: float, lead: float) -> Threshold:
    """Of one that is answered or referred, the first label must be right."""
    decided = [replace(one, decided=by_thresholds(one.ranking, sure, lead)) for one in judged]
    asked = [one for one in decided if one.decided.does == "ask"]
    answered = [one for one in decided if one.decided.does != "ask"]
    right = sum(one.right for one in answered)
    return Threshold(
        sure,
        lead,
        len(asked) / len(judged),
        right / max(len(answered), 1),
        (len(answered) - right) / len(judged),
        sum(one.acted_right for one in asked) / max(len(asked), 1),
    )


def authors() -> dict[str, str]:
    """Author by the line's digest."""
    rows = (row.split("\t") for row in AUTHORS.read_text("utf-8").splitlines() if not row.startswith("#"))
    return {digest: author for author, digest in rows}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def leave_out(author: str, backend: str) -> list[Judged]:
    """Every line of `author` judged by a model of all others' lines, and decided by the thresholds of config.yml."""
    os.environ["QIANTAI_EMBEDDING"] = backend
    environment.prepare()
    sys.path.insert(0, str(ROOT))
    with environment.quietly():
        import rasa.engine.recipes.default_recipe  # noqa: F401

        from bot.nlu import lines

    examples = lines.read(ROOT / "data" / "nlu")
    wrote, decide = authors(), _fallback()
    theirs = [wrote.get(digest(example.get("text")), FIRST) == author for example in examples]
    judged: list[Judged] = []
    with tempfile.TemporaryDirectory() as folder:
        pipeline = _fit(Path(folder), [e for e, held in zip(examples, theirs, strict=True) if not held])
        for example in (e for e, held in zip(examples, theirs, strict=True) if held):
            started = time.perf_counter()
            ranking = _rank(pipeline, example.get("text"))
            took = 1000 * (time.perf_counter() - started)
            judged.append(Judged(Line(example.get("text"), example.get("intent")), ranking, decide(ranking), took))
    return judged


def _fallback() -> Callable[[Ranking], Decided]:
    (entry,) = [entry for entry in _config()["pipeline"] if entry["name"] == FALLBACK]
    return lambda ranking: by_thresholds(ranking, entry["threshold"], entry["ambiguity_threshold"])


def _config() -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(ROOT / "config.yml")


def _fit(folder: Path, examples: list[Any]) -> list[Any]:
    """The components of config.yml, trained one after another as Rasa's graph does."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.training_data import TrainingData

    data = TrainingData([copy.deepcopy(example) for example in examples])
    made = []
    for number, entry in enumerate(_config()["pipeline"]):
        name = entry.pop("name")
        if name == FALLBACK:
            continue
        kind: Any = DefaultV1Recipe._from_registry(name).clazz
        node = f"{name.rpartition('.')[2]}{number}"
        context = ExecutionContext(GraphSchema({}), node_name=node)
        storage, resource = LocalModelStorage(folder), Resource(node)
        settings = {**kind.get_default_config(), **entry}
        component = kind.create(settings, storage, resource, context)
        if hasattr(component, "train"):
            component.train(data)
            component = kind.load(settings, storage, resource, context)
        if "classifier" not in name:
            data = component.process_training_data(data) if hasattr(component, "process_training_data") else data
        made.append(component)
    return made


def _rank(pipeline: list[Any], text: str) -> Ranking:
    from rasa.shared.nlu.training_data.message import Message

    messages = [Message({"text": text})]
    for component in pipeline:
        messages = component.process(messages)
    return ranked({"intent_ranking": messages[0].get("intent_ranking")})


def report(judged: Sequence[Judged], author: str, backend: str) -> None:
    print(
        f"\nwithout {author}, embedding {backend}: {len(judged)} lines, {len({o.line.wanted for o in judged})} labels"
    )
    figures = measure(judged)
    print("\n".join([*tell(figures), "", could(figures)]))
    print("\n  sure  lead  asked back  right when answered  wrong answers  three offered hold it")
    for sure, lead in TRIED:
        t = try_threshold(judged, sure, lead)
        print(
            f"  {t.sure:4.2f}  {t.lead:4.2f}  {t.asked:10.1%}  {t.right_when_answered:19.1%}  {t.wrong_answers:13.1%}"
            f"  {t.saved:21.1%}"
        )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.evaluate", description=__doc__)
    known = sorted({FIRST, *authors().values()})
    parser.add_argument("--without", nargs="+", choices=known, default=["elders", "county"], metavar="AUTHOR")
    parser.add_argument("--embedding", choices=embedding.BACKENDS, default=environment.BACKEND)
    arguments = parser.parse_args(argv)
    for author in arguments.without:
        report(leave_out(author, arguments.embedding), author, arguments.embedding)
    return 0


if __name__ == "__main__":
    sys.exit(main())
