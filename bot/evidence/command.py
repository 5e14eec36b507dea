"""`qiantai evidence MESSAGE`: print the record of one message, and write down who read it."""

from __future__ import annotations

import json
import os
import pwd

from bot.clock import Clock
from bot.db import Database
from bot.errors import ConfigurationError
from bot.evidence.gather import gather
from bot.evidence.words import lines
from bot.migrate import is_current
from bot.privacy.audit import Action, audit
from bot.tickets.recused import kept_from


def show(db: Database, clock: Clock, target: str, as_json: bool = False) -> None:
    """Raises ConfigurationError (not migrated), InvalidInput, NotFound. What is not written down is not shown; an
    officer who has the operator's name does not read what is kept from him (L1)."""
    if not is_current(db):
        raise ConfigurationError("the database is not migrated: run `qiantai migrate`")
    with db.transaction() as tx:
        report = gather(tx, target, kept_from(tx, operator()))
        message = report["message"]
        read = f"{message['conversation']}:{message['seq']}"
        audit(tx, clock.now(), operator(), Action.EVIDENCE_READ, f"message:{read}", {"asked_for": target.strip()})
    print(json.dumps(report, ensure_ascii=False, indent=2) if as_json else "\n".join(lines(report)))


def operator() -> str:
    """The name of the OS user whose process this is, whatever the environment says."""
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
