"""Train the model if what it is made of has changed: `python -m bot.nlu.train [--force]`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.errors import ConfigurationError
from bot.nlu import environment, models, pairs
from bot.settings import ROOT


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.train", description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even if nothing has changed")
    arguments = parser.parse_args(argv)
    model = train(environment.home() / "models", force=arguments.force)
    print(f"model: {model}")
    return 0


def train(folder: Path, force: bool = False) -> Path:
    """The current model, made anew where its sources changed. Raises ConfigurationError when training fails."""
    backend = environment.embedding_backend()
    digest = models.digest(backend)
    kept = models.note(folder)
    if kept is not None and kept["digest"] == digest and not force:
        print("model: nothing has changed")
        return _with_judge(folder, folder / str(kept["model"]))
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    name = f"qiantai-{digest[:12]}"
    print(f"model: training {name} (embedding {backend}), five minutes the first time, then one", flush=True)
    _rasa_train(folder, name, force)
    seconds = round(time.monotonic() - started, 1)
    models.keep(folder, {"digest": digest, "model": f"{name}.tar.gz", "seconds": seconds, "backend": backend})
    print(f"model: trained in {seconds} s", flush=True)
    return _with_judge(folder, folder / f"{name}.tar.gz")


def _with_judge(folder: Path, model: Path) -> Path:
    """The judge of repeated questions hears its pairs through the model, where it must be learnt."""

    def parse() -> pairs.Parse:
        from bot.nlu.evaluation.hearing import Model

        heard = Model(model)

        async def parsed(text: str) -> Mapping[str, Any]:
            return (await heard.parse(text))[0]

        print("judge: learning which questions are asked again", flush=True)
        return parsed

    pairs.judge_at(folder, parse)
    return model


def _rasa_train(folder: Path, name: str, force: bool) -> None:
    environment.prepare()
    os.environ["RASA_CACHE_DIRECTORY"] = str(environment.home() / "cache" / "rasa")
    sys.path.insert(0, str(ROOT))  # config.yml names our components by module path
    with environment.quietly():
        from rasa.engine.caching import LocalTrainingCache
        from rasa.engine.recipes.default_recipe import DefaultV1Recipe
        from rasa.engine.runner.dask import DaskGraphRunner
        from rasa.engine.storage.local_model_storage import LocalModelStorage
        from rasa.engine.training.graph_trainer import GraphTrainer
        from rasa.shared.exceptions import RasaException

        from bot.nlu.lines import Importer

        _show_progress()
        importer = Importer(ROOT)
        graphs = DefaultV1Recipe().graph_config_for_recipe(importer.get_config(), {})
        with TemporaryDirectory() as made:
            trainer = GraphTrainer(LocalModelStorage(Path(made)), LocalTrainingCache(), DaskGraphRunner)
            try:
                trainer.train(graphs, importer, folder / f"{name}.tar.gz", force_retraining=force)
            except RasaException as error:
                raise ConfigurationError("training failed: run `rasa data validate` to see why") from error


class _Progress(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        print(f"  {record.getMessage()}", flush=True)


def _show_progress() -> None:
    """Rasa's own words about its components name no customer: these may be heard."""
    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.setLevel(logging.INFO)
    hooks.propagate = False
    hooks.handlers = [_Progress()]


if __name__ == "__main__":
    sys.exit(main())
