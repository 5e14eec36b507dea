"""`python -m bot.knowledge.check [folder]`: read knowledge/ as the product does and say what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.clock import Clock, SystemClock, today
from bot.knowledge.loading import examine, snapshot
from bot.knowledge.snapshot import Knowledge
from bot.knowledge.tone import remarks
from bot.knowledge.warnings import warnings
from bot.settings import ROOT


def main(arguments: Sequence[str] | None = None, clock: Clock | None = None) -> int:
    """0: usable (warnings may stand); 1: not usable."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    path = Path(given[0]) if given else ROOT / "knowledge"
    files, problems = examine(path)
    for problem in problems:
        print(f"错误  {problem}")
    if files is None:
        print(f"共 {len(problems)} 处错误，改好后再运行一次。")
        return 1
    day = today(clock or SystemClock())
    knowledge = snapshot(files).on(day)
    notes = [*warnings(knowledge, day), *map(str, remarks(files))]
    for note in notes:
        print(f"提醒  {note}")
    for line in counts(knowledge, day):
        print(line)
    print(f"没有错误，{len(notes)} 处提醒。")
    return 0


def counts(knowledge: Knowledge, day: date) -> list[str]:
    scripts = list(knowledge.scripts.values())
    unconfirmed = [d.id for d in knowledge.disclosures.values() if not d.confirmed]
    valid = sum(s.valid_on(day) for s in scripts)
    samples = sum(s.sample for s in scripts)
    drafts = [s.id for s in scripts if s.draft]
    wordings = sum(len(list(s.every_text())) for s in scripts)
    varied = sum(bool(s.variants) for s in scripts)
    figures = list(knowledge.figures.values())
    return [
        f"话术 {len(scripts)} 条（今天有效 {valid} 条，样例 {samples} 条），说法 {wordings} 种",
        f"其中 {varied} 条另有关怀版或分渠道的说法",
        f"数字 {len(figures)} 个（样例 {sum(f.sample for f in figures)} 个），短句 {len(knowledge.phrases)} 条",
        f"必须提示 {len(knowledge.disclosures)} 条，待合规确认 {len(unconfirmed)} 条：{'、'.join(unconfirmed) or '无'}",
        *([f"草稿 {len(drafts)} 条，不会发给客户：{'、'.join(drafts)}"] if drafts else []),
        f"满意度调查 {len(knowledge.survey.questions)} 题，低于 {knowledge.survey.mark} 分提醒",
        f"产品 {len(knowledge.products)} 个，问题类型 {len(knowledge.intents)} 个，"
        f"网点 {len(knowledge.branches)} 个，地名 {len(knowledge.places)} 个",
    ]


if __name__ == "__main__":
    sys.exit(main())
