"""Train the model if what it is made of has changed: `python -m bot.nlu.train [--force]`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.errors import ConfigurationError
from bot.nlu import environment, models
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
        return folder / str(kept["model"])
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    name = f"qiantai-{digest[:12]}"
    print(f"model: training {name} (embedding {backend}), five minutes the first time, then two", flush=True)
    _rasa_train(folder, name, force)
    seconds = round(time.monotonic() - started, 1)
    models.keep(folder, {"digest": digest, "model": f"{name}.tar.gz", "seconds": seconds, "backend": backend})
    print(f"model: trained in {seconds} s", flush=True)
    return folder / f"{name}.tar.gz"


def _rasa_train(folder: Path, name: str, force: bool) -> None:
    environment.prepare()
    os.environ["RASA_CACHE_DIRECTORY"] = str(environment.home() / "cache" / "rasa")
    sys.path.insert(0, str(ROOT))  # config.yml names our components by module path
    with environment.quietly():
        from rasa.model_training import train as rasa_train

        _show_progress()
        result = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data")],
            output=str(folder),
            fixed_model_name=name,
            force_training=force,
        )
    if result.code != 0 or result.model is None:
        raise ConfigurationError("training failed: run `rasa data validate` and `rasa train` to see why")


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
