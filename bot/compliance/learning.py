"""Make the second reader ready: from its file, or learnt from data/guard/ where that or the way of learning changed."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from bot.compliance import second
from bot.compliance.labelled import read
from bot.compliance.second import Reader
from bot.errors import ConfigurationError
from bot.knowledge.snapshot import Knowledge
from bot.nlu.models import clear_old
from bot.settings import ROOT

log = logging.getLogger(__name__)
LINES = ROOT / "data" / "guard"


def reader_at(models: Path, said: Knowledge, lines: Path = LINES) -> Reader:
    """Seconds where it must be learnt. Raises ConfigurationError where there is nothing to learn from."""
    path = models / f"reader-{second.digest(lines, said.guard.spellings)}.json"
    found = second.load(path, said.guard)
    if found is not None:
        return found
    started = time.monotonic()
    labelled = [one for file in sorted(lines.glob("*.tsv")) for one in read(file, said.disclosures.values(), False)]
    if not labelled:
        raise ConfigurationError(f"no labelled texts in {lines}: the second reader cannot learn")
    name = path.stem.removeprefix("reader-")
    made = second.learn([one.text for one in labelled], [one.labels for one in labelled], said.guard, name)
    second.save(made, path)
    clear_old(models, "reader-*.json")
    log.info("reader: learnt %s from %d texts in %.1f s", name, len(labelled), time.monotonic() - started)
    return made
