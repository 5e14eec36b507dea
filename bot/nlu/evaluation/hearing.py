"""The trained model hears labelled lines as it hears customers: the same preparation, the same graph, one by one."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.errors import ConfigurationError
from bot.knowledge.vocabulary import FALLBACK, OUT_OF_SCOPE
from bot.nlu import environment
from bot.nlu.evaluation.lines import Line
from bot.text.mask import mask
from bot.text.normalise import clean, neutralise

WARM_UP = "warm up"

Ranking = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Decided:
    """What the product does with a line: it acts on `label`, asks back with `offered`, or refers elsewhere."""

    does: Literal["answer", "ask", "refer"]
    label: str = ""
    offered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """One line and what was made of it. `ranking` is without the fallback; milliseconds at first and heard again."""

    line: Line
    ranking: Ranking
    decided: Decided
    took: float = 0.0
    took_again: float | None = None

    @property
    def first(self) -> str:
        return self.ranking[0][0]

    @property
    def sure(self) -> float:
        return self.ranking[0][1]

    @property
    def right(self) -> bool:
        return self.first in self.line.accepted

    @property
    def acted_right(self) -> bool:
        """The label that was acted on is right; where it asked back, a label that was offered is."""
        offered = {OUT_OF_SCOPE} if self.decided.does == "refer" else {self.decided.label, *self.decided.offered}
        return bool(offered & self.line.accepted)

    def among(self, first: int) -> bool:
        return any(label in self.line.accepted for label, _ in self.ranking[:first])


Decide = Callable[[dict[str, Any]], Decided]


def prepared(text: str) -> str:
    """As a message comes to the assistant: cleaned, personal data masked, no command of Rasa's."""
    return neutralise(mask(clean(text)).text)


def ranked(parsed: dict[str, Any]) -> Ranking:
    named = ((one["name"], float(one["confidence"])) for one in parsed.get("intent_ranking") or ())
    return tuple(one for one in named if one[0] != FALLBACK)


def by_thresholds(ranking: Ranking, sure: float, lead: float) -> Decided:
    """What Rasa's fallback makes of a ranking; it asks back with the first three."""
    (label, best), *rest = ranking
    if best < sure or (rest and best - rest[0][1] < lead):
        return Decided("ask", offered=tuple(name for name, _ in ranking[:3]))
    return Decided("refer") if label == OUT_OF_SCOPE else Decided("answer", label)


class Model:
    """Loads in seconds. Raises ConfigurationError for a file that is no model."""

    def __init__(self, path: Path) -> None:
        environment.prepare()
        with environment.quietly():
            from rasa.core.lock_store import InMemoryLockStore
            from rasa.core.nlg import TemplatedNaturalLanguageGenerator
            from rasa.core.tracker_store import InMemoryTrackerStore
            from rasa.shared.core.domain import Domain

            from bot.nlu.remembering import RememberingProcessor

            try:
                self._processor = RememberingProcessor(
                    path,
                    InMemoryTrackerStore(Domain.empty()),
                    InMemoryLockStore(),
                    TemplatedNaturalLanguageGenerator({}),
                )
            except ConfigurationError:
                raise
            except Exception as error:  # a damaged archive shows itself in many ways
                raise ConfigurationError(f"{path}: cannot be loaded as a model ({type(error).__name__})") from error
        self.name = path.name.removesuffix(".tar.gz")

    @property
    def thresholds(self) -> dict[str, float]:
        """Below what it asks back, as it was trained; empty where the model has no fallback."""
        nodes = self._processor.model_metadata.predict_schema.nodes.values()
        settings = [node.config for node in nodes if node.uses.__name__ == "FallbackClassifier"]
        names = ("threshold", "ambiguity_threshold")
        return {name: float(settings[0][name]) for name in names if name in settings[0]} if settings else {}

    async def parse(self, text: str) -> tuple[dict[str, Any], float]:
        """Rasa's parse, and the milliseconds that it took."""
        from rasa.core.channels.channel import UserMessage

        message = UserMessage(text, sender_id="nobody")
        started = time.perf_counter()
        parsed = await self._processor.parse_message(message)
        return dict(parsed), 1000 * (time.perf_counter() - started)


def hear(model: Model, lines: Sequence[Line], decide: Decide) -> list[Judged]:
    """All lines, then all of them again: how long a text takes that was heard before."""
    with redirect_stdout(sys.stderr):  # what old libraries print is no figure
        return asyncio.run(_hear(model, lines, decide))


async def _hear(model: Model, lines: Sequence[Line], decide: Decide) -> list[Judged]:
    await model.parse(WARM_UP)
    texts = [prepared(line.text) for line in lines]
    heard = [await model.parse(text) for text in texts]
    again = [(await model.parse(text))[1] for text in texts]
    judged = []
    for line, (parsed, took), took_again in zip(lines, heard, again, strict=True):
        ranking = ranked(parsed)
        if not ranking:
            raise ConfigurationError(f"{model.name} gives no ranking of intents: it was not trained")
        judged.append(Judged(line, ranking, decide(parsed), took, took_again))
    return judged
