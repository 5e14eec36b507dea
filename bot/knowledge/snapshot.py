"""All that the bank says, at one moment, unchangeable. A new snapshot is loaded whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from bot.errors import KnowledgeError, NotFound
from bot.knowledge.digests import digest
from bot.knowledge.fields import Dated, Frozen
from bot.knowledge.model import (
    Bank,
    Branch,
    Calendar,
    Choice,
    Complaints,
    Disclosure,
    Escalation,
    Figure,
    Guard,
    Intent,
    Phrase,
    Place,
    Product,
    Rendered,
    Reply,
    Script,
    Survey,
)
from bot.knowledge.render import bank_values, render
from bot.knowledge.search import Index
from bot.knowledge.templates import blanks, fill
from bot.knowledge.vocabulary import RESERVED_CHOICES
from bot.text.normalise import normalise


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Two snapshots of the same files are equal: identity is the digest.

    Where an id has several editions (a rate until the 30th, another from the 1st), `scripts`, `disclosures` and
    `figures` hold one of them: `on(day)` gives the knowledge of a day.
    """

    digest: str
    bank: Bank
    escalation: Escalation
    calendar: Calendar
    complaints: Complaints
    guard: Guard
    survey: Survey
    figures: Mapping[str, Figure]
    disclosures: Mapping[str, Disclosure]
    scripts: Mapping[str, Script]
    phrases: Mapping[str, Phrase]
    products: Mapping[str, Product]
    intents: Mapping[str, Intent]
    branches: Mapping[str, Branch]
    places: Mapping[str, Place]
    replies: tuple[Reply, ...]  # in the order of the file, which is the bank's
    index: Index
    editions: Mapping[str, tuple[Dated, ...]] = field(default_factory=dict)  # "kind id" -> those of several, by date
    all_rules: Guard | None = None  # where `guard` is that of one day

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Knowledge) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def on(self, day: date) -> Knowledge:
        """As it stands on this day. Of an id that is not in force then, the edition before it, else the first."""
        if day not in self._days:
            self._days[day] = self._on(day)
        return self._days[day]

    @cached_property
    def _days(self) -> dict[date, Knowledge]:
        return {}

    def _on(self, day: date) -> Knowledge:
        rules = self.all_rules or self.guard
        guard = rules.on(day)
        if not self.editions and guard is self.guard:
            return self
        chosen = {key: _edition(editions, day) for key, editions in self.editions.items()}

        def of(kind: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
            return MappingProxyType({id_: chosen.get(f"{kind} {id_}", item) for id_, item in known.items()})

        return replace(
            self,
            scripts=of("script", self.scripts),
            disclosures=of("disclosure", self.disclosures),
            figures=of("figure", self.figures),
            guard=guard,
            all_rules=rules,
        )

    def all_editions(self) -> Iterator[tuple[str, str, Frozen]]:
        """(kind, id, item) of everything that is said now, was said, or will be: what has to be kept for ever."""
        for kind, id_, item in self.items():
            for edition in self.editions.get(f"{kind} {id_}", (item,)):
                if not getattr(edition, "draft", False):
                    yield kind, id_, edition

    def every(self, kind: Literal["script", "disclosure", "figure"]) -> list[Any]:
        """All editions of all ids, drafts too."""
        known: Mapping[str, Dated] = getattr(self, f"{kind}s")
        return [one for id_, item in known.items() for one in self.editions.get(f"{kind} {id_}", (item,))]

    def items(self) -> Iterator[tuple[str, str, Frozen]]:
        """(kind, id, item) of all that is, or may come, into what is said. A draft is never said."""
        for script in self.scripts.values():
            if not script.draft:
                yield "script", script.id, script
        for kind, known in (("disclosure", self.disclosures), ("figure", self.figures), ("phrase", self.phrases)):
            for id_, item in known.items():
                yield kind, id_, item
        for question in self.survey.questions:
            yield "survey", question.id, question
        yield "guard", "guard", self.all_rules or self.guard  # there is one set of its words, with their days

    @cached_property
    def digests(self) -> Mapping[tuple[str, str], str]:
        """Which content exactly: of every item by (kind, id)."""
        return {(kind, id_): digest(item) for kind, id_, item in self.items()}

    def script(self, id: str) -> Script:
        """By id, expired ones too: what was delivered once must stay explainable. Raises NotFound."""
        try:
            return self.scripts[id]
        except KeyError:
            raise NotFound(f"no script has the id {id}") from None

    def script_for(self, intent: str, product: str | None, day: date) -> Script | None:
        """The answer to a question about a product: the product's own script first, then the general one.

        Only what is valid on `day`; scripts that only follow a choice are no answers to a question.
        """
        for wanted in dict.fromkeys((product, None)):
            for script in self.scripts.values():
                if script.answers(intent, wanted) and script.valid_on(day):
                    return script
        return None

    def answer_to(self, intent: str, product: str | None, text: str, day: date) -> Script | None:
        """As `script_for`, but a script that the customer's own words ask for comes before the main answer.

        Who writes 转错账了 needs to hear how to get it back, not why transfers fail.
        """
        question = normalise(text)
        meant = [s for s in self.scripts.values() if s.intent == intent and s.when and s.valid_on(day)]
        nearest = max(meant, key=lambda s: s.named_by(question), default=None)
        if nearest is not None and nearest.named_by(question):
            return nearest
        return self.script_for(intent, product, day)

    def render(
        self, script: Script, wording: int, day: date, channel: str | None = None, large_type: bool = False
    ) -> Rendered:
        """Raises NotFound for a script that is not valid on `day`: it is never said."""
        if not script.valid_on(day):
            raise NotFound(f"script {script.id} is not valid on {day}")
        valid = frozenset(id_ for id_, other in self.scripts.items() if other.valid_on(day))
        required = (*script.disclosures, *(d.id for d in self.disclosures_for(script.topics, day)))
        return render(
            script,
            wording,
            self.figures,
            self.phrases,
            self.bank,
            disclosures=tuple(dict.fromkeys(required)),
            choices_open=valid | RESERVED_CHOICES,
            channel=channel,
            large_type=large_type,
        )

    def phrase(self, id: str, **values: str) -> tuple[str, tuple[Choice, ...]]:
        """A line of the assistant with its blanks filled. Raises KnowledgeError where a blank has no value."""
        phrase = self.phrases.get(id)
        if phrase is None:
            raise KnowledgeError(f"no phrase has the id {id}")
        given = {**bank_values(self.bank), **values}
        missing = [name for name in blanks(phrase.text) if name not in given]
        if missing:
            raise KnowledgeError(f"phrase {id} lacks values for {', '.join(missing)}")
        return fill(phrase.text, given), phrase.choices

    def search(self, query: str, day: date, limit: int = 10) -> list[Script]:
        """Valid scripts by words, best first."""
        found = (self.scripts[id_] for id_ in self.index.ranked(query))
        return [script for script in found if script.valid_on(day)][:limit]

    def disclosures_for(self, topics: Iterable[str], day: date) -> tuple[Disclosure, ...]:
        """Mandatory texts in force for these topics, in the order of the file."""
        wanted = frozenset(topics)
        return tuple(d for d in self.disclosures.values() if wanted & set(d.topics) and d.in_force(day))


def _edition(editions: tuple[Dated, ...], day: date) -> Dated:
    """`editions` are in the order of their dates."""
    approved = [one for one in editions if not getattr(one, "draft", False)] or editions
    begun = [one for one in approved if (one.valid_from or date.min) <= day]
    return begun[-1] if begun else approved[0]
