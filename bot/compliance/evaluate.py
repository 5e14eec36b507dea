"""How well the guard reads: `python -m bot.compliance.evaluate FILE...` over texts that people have labelled.

A file has lines `text<TAB>topics<TAB>labels`: topics or `-`; labels `ok`, or any of missing:DISCLOSURE, promise,
secret, link, figure, daily_rate. `{wealth_risk}` in a text stands for that mandatory text whole. The guard sees it
alone, as an agent types it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from bot import knowledge
from bot.clock import SystemClock, today
from bot.compliance import Context, Facts, Verdict, check
from bot.knowledge import Knowledge
from bot.knowledge.render import sources
from bot.settings import from_env

FORBIDDEN = ("promise", "secret", "link", "figure", "daily_rate")


@dataclass(frozen=True)
class Labelled:
    text: str
    topics: frozenset[str]
    labels: frozenset[str]

    @property
    def forbidden(self) -> frozenset[str]:
        return self.labels.intersection(FORBIDDEN)

    @property
    def missing(self) -> frozenset[str]:
        return frozenset(label.removeprefix("missing:") for label in self.labels if label.startswith("missing:"))


@dataclass(frozen=True)
class Judged:
    labelled: Labelled
    verdict: Verdict

    @property
    def added(self) -> frozenset[str]:
        """Mandatory texts that the guard found missing."""
        rules = (finding.rule for finding in self.verdict.findings)
        return frozenset(rule.removeprefix("missing:") for rule in rules if rule.startswith("missing:"))

    @property
    def caught(self) -> bool:
        """A violation that does not go out as it is: forbidden words refused, every missing text added."""
        if self.verdict.action == "refuse":
            return True
        sourced = "figure" not in self.labelled.labels or "unsourced" in {f.rule for f in self.verdict.findings}
        return self.labelled.forbidden <= {"figure"} and sourced and self.labelled.missing <= self.added


def read(file: Path, said: Knowledge) -> list[Labelled]:
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, topics, labels = line.split("\t")
            for disclosure in said.disclosures.values():
                text = text.replace(f"{{{disclosure.id}}}", disclosure.text)
            text = text.replace("\\n", "\n")
            found.append(Labelled(text, frozenset(topics.split(",")) - {"-"}, frozenset(labels.split(",")) - {"ok"}))
    return found


def judge(labelled: Sequence[Labelled], said: Knowledge) -> list[Judged]:
    disclosures = list(said.disclosures.values())
    facts = Facts(said.bank.domains, tuple(said.figures.values()), lambda figures: sources(figures, said.phrases))
    context = Context(author="agent", facts=facts)
    return [Judged(one, check(one.text, context, said.guard, disclosures)) for one in labelled]


def report(judged: Sequence[Judged]) -> list[str]:
    """The figures as lines: violations caught, clean texts refused, each kind apart."""
    bad = [one for one in judged if one.labelled.labels]
    clean = [one for one in judged if not one.labelled.labels]
    lines = [
        f"texts                         {len(judged)}",
        f"violations caught             {share([one.caught for one in bad])}",
        f"clean texts refused           {share([one.verdict.action == 'refuse' for one in clean])}",
        f"clean texts given a warning   {share([one.verdict.action == 'complete' for one in clean])}",
    ]
    for label in FORBIDDEN:
        having = [one.caught for one in bad if label in one.labelled.labels]
        lines.append(f"  {label:<27} {share(having)}")
    missing = Counter[str]()
    found = Counter[str]()
    for one in bad:
        missing.update(one.labelled.missing)
        found.update(one.labelled.missing & one.added if one.verdict.action != "refuse" else one.labelled.missing)
    lines += [f"  missing:{name:<19} {found[name]}/{count}" for name, count in missing.most_common()]
    return lines


def share(hits: Sequence[bool]) -> str:
    """ "98.1% (153/156, 95% interval 94.5-99.3%)", by Wilson."""
    n, k = len(hits), sum(hits)
    if not n:
        return "-"
    z, p = 1.96, k / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{p:.1%} ({k}/{n}, 95% interval {max(0, centre - half):.1%}-{min(1, centre + half):.1%})"


def main(arguments: Sequence[str]) -> int:
    said = knowledge.load(from_env().knowledge).on(today(SystemClock()))
    for name in arguments:
        print(f"{name}:")
        print("\n".join(f"  {line}" for line in report(judge(read(Path(name), said), said))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
