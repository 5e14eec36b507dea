"""`qiantai evaluate intents FILE`: reads, hears, measures, tells. What the product does with a parse is handed in."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Collection
from pathlib import Path

from bot.clock import Clock, rfc3339
from bot.errors import InvalidInput
from bot.nlu import environment, models
from bot.nlu.evaluation.figures import measure
from bot.nlu.evaluation.hearing import Decide, Model, hear
from bot.nlu.evaluation.lines import read
from bot.nlu.evaluation.telling import as_json, tell


def add(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    intents = acts.add_parser("intents", help="first right, asked back, confusions, calibration, time")
    intents.add_argument("file", type=Path, help="lines of text<TAB>label[<TAB>alternatives], UTF-8")
    intents.add_argument("--json", action="store_true", help="for machines: one object, nothing else")
    intents.add_argument("--report", type=Path, metavar="OUT.html", help="the same with plots, in one file")
    intents.add_argument("--no-texts", action="store_true", help="leave the list of errors out of the report")
    acts.add_parser("choices", help="what customers chose when asked back, as text<TAB>label lines to learn from")
    intents.add_argument("--model", type=Path, help="a model file or a folder of models; the current one without it")


def run(arguments: Namespace, folder: Path, labels: Collection[str], decide: Decide, clock: Clock) -> int:
    """`folder` holds the current model. Everything that can be wrong with the input is said before a line is heard."""
    labelled = read(arguments.file, labels)
    path = models.resolve(arguments.model or folder)
    if arguments.report:
        _make_room(arguments.report)
    if arguments.model is None:
        _say_if_old(folder)
    model = Model(path)
    fallback = ", ".join(f"{name} {value:g}" for name, value in model.thresholds.items()) or "none"
    if not arguments.json:
        print(f"{labelled.name}: {len(labelled.lines)} lines; model {model.name}; fallback: {fallback}", flush=True)
    judged = hear(model, labelled.lines, decide)
    figures = measure(judged)
    about = {"file": labelled.name, "sha256": labelled.digest, "model": model.name}
    if arguments.report:
        from bot.nlu.evaluation.report import page

        shown = {**about, "lines": str(len(judged)), "fallback": fallback, "made": rfc3339(clock.now())}
        _write(arguments.report, page(figures, judged, shown, texts=not arguments.no_texts))
    if arguments.json:
        print(json.dumps(as_json(figures, {**about, "thresholds": model.thresholds}), ensure_ascii=False, indent=1))
        return 0
    print("\n".join(tell(figures)))
    if arguments.report:
        print(f"report: {arguments.report}")
    return 0


def _say_if_old(folder: Path) -> None:
    kept = models.note(folder)
    if kept and kept["digest"] != models.digest(environment.embedding_backend()):
        print("qiantai: what the model learns from has changed since it was trained: `make model`", file=sys.stderr)


def _make_room(file: Path) -> None:
    """Before minutes of hearing, not after. Raises InvalidInput."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(f"{error.filename}: {error.strerror}") from None
    if file.is_dir():
        raise InvalidInput(f"{file}: is a folder; the report is a file")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{file}: {error.strerror}") from None
