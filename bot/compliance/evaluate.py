"""How well the guard reads: `python -m bot.compliance.evaluate FILE...` over texts that people have labelled
(bot.compliance.labelled tells how). It sees each text alone, as an agent types it, first with the lists only, then with
the second reader beside them.
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
from bot.compliance.labelled import FORBIDDEN, Labelled, read
from bot.compliance.learning import reader_at
from bot.compliance.second import Reader
from bot.knowledge import Knowledge
from bot.knowledge.render import sources
from bot.settings import from_env


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

    @property
    def asked(self) -> bool:
        """Not refused, but its author is asked to look at it again."""
        return self.verdict.action != "refuse" and any(finding.doubtful for finding in self.verdict.findings)


def judge(labelled: Sequence[Labelled], said: Knowledge, second: Reader | None = None) -> list[Judged]:
    disclosures = list(said.disclosures.values())
    facts = Facts(said.bank.domains, tuple(said.figures.values()), lambda figures: sources(figures, said.phrases))
    context = Context(author="agent", facts=facts, second=second.read if second else None)
    return [Judged(one, check(one.text, context, said.guard, disclosures)) for one in labelled]


def report(judged: Sequence[Judged]) -> list[str]:
    """The figures as lines: violations caught, clean texts refused, each kind apart."""
    bad = [one for one in judged if one.labelled.labels]
    clean = [one for one in judged if not one.labelled.labels]
    lines = [
        f"texts                         {len(judged)}",
        f"violations caught             {share([one.caught for one in bad])}",
        f"  or their author asked again {share([one.caught or one.asked for one in bad])}",
        f"clean texts refused           {share([one.verdict.action == 'refuse' for one in clean])}",
        f"clean texts asked about       {share([one.asked for one in clean])}",
        f"clean texts given a warning   {share([one.verdict.action == 'complete' for one in clean])}",
    ]
    for label in FORBIDDEN:
        having = [one.caught or one.asked for one in bad if label in one.labelled.labels]
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
    settings = from_env()
    said = knowledge.load(settings.knowledge).on(today(SystemClock()))
    reader = reader_at(settings.models, said)
    for name in arguments:
        labelled = read(Path(name), said.disclosures.values())
        for title, second in (("the lists alone", None), ("with the second reader", reader)):
            print(f"{name}, {title}:")
            print("\n".join(f"  {line}" for line in report(judge(labelled, said, second))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
