"""What customers may be told on one day, as a whole: the base of comparing days and of looking ahead. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.knowledge.fields import Dated
from bot.knowledge.model import Disclosure, Figure, Rendered, Script
from bot.knowledge.snapshot import Knowledge

Question = tuple[str, str | None]  # intent, product


@dataclass(frozen=True)
class Served:
    day: date
    scripts: Mapping[str, Script]
    said: Mapping[str, tuple[Rendered, ...]]  # script id -> every wording of every form, without its mandatory texts
    answers: Mapping[Question, Script]  # main answers
    disclosures: Mapping[str, Disclosure]
    figures: Mapping[str, Figure]  # those that a script in force uses
    rules: Mapping[str, Dated]  # of the guard: what makes a topic, and what may not be said

    def warnings(self, script_id: str) -> tuple[Disclosure, ...]:
        """The mandatory texts that go with a script."""
        required = self.said[script_id][0].disclosures
        return tuple(self.disclosures[id_] for id_ in required if id_ in self.disclosures)

    def lacking(self, script_id: str) -> tuple[str, ...]:
        """Mandatory texts that a script names and that are not in force: the guard lets it not out."""
        return tuple(id_ for id_ in self.said[script_id][0].disclosures if id_ not in self.disclosures)


def served(knowledge: Knowledge, day: date) -> Served:
    knowledge = knowledge.on(day)
    scripts = {str(s.id): s for s in knowledge.scripts.values() if s.valid_on(day)}
    said = {
        id_: tuple(
            knowledge.render(script, wording, day, channel, large_type)
            for channel, large_type in forms(script)
            for wording in range(len(script.wordings(channel, large_type)[1]))
        )
        for id_, script in scripts.items()
    }
    used = dict.fromkeys(id_ for wordings in said.values() for one in wordings for id_ in one.figures)
    return Served(
        day=day,
        scripts=scripts,
        said=said,
        answers={(s.intent, s.product): s for s in scripts.values() if not s.follow_up},
        disclosures={str(d.id): d for d in knowledge.disclosures.values() if d.in_force(day)},
        figures={id_: knowledge.figures[id_] for id_ in used},
        rules={
            **{f"promises {one.id}": one for one in knowledge.guard.promises},
            **{f"triggers {one.topic} {'、'.join(one.words[:3])}": one for one in knowledge.guard.triggers},
        },
    )


def forms(script: Script) -> list[tuple[str | None, bool]]:
    """(channel, large type) of every reader who is told something else, the usual one first."""
    return [(None, False), *((variant.channel, variant.large_type) for variant in script.variants)]


def question_in_words(knowledge: Knowledge, question: Question) -> str:
    """贷款利率（房贷）."""
    intent, product = question
    words = knowledge.intents[intent].words
    return f"{words}（{knowledge.products[product].name}）" if product else words
