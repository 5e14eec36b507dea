"""`qiantai stop`, `resume` and `stops`: the incident switch, in force in every process with its next message."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from datetime import datetime
from difflib import get_close_matches

from bot.clock import BEIJING, Clock, rfc3339
from bot.conversation import incidents
from bot.conversation.incidents import BOT, SCRIPT, TOPIC, Incident
from bot.db import Database
from bot.errors import InvalidInput
from bot.knowledge import Knowledge
from bot.knowledge.vocabulary import TOPICS
from bot.privacy.audit import Action, audit

WHY_MOST = 500
LISTED = 50
_HOUR = re.compile(r"(\d{1,2}):(\d{2})")


def add_what(parser: ArgumentParser) -> None:
    """`script ID`, `topic TOPIC` or `bot`."""
    parser.add_argument("kind", choices=(SCRIPT, TOPIC, BOT))
    parser.add_argument("subject", nargs="?", default="", metavar="ID|TOPIC")


def checked(kind: str, subject: str, said: Knowledge | None) -> None:
    """Is there such a thing? Where knowledge/ cannot be read (`said` is None) a stop must still be possible.

    Raises InvalidInput that names what is near.
    """
    if (kind == BOT) != (subject == ""):
        raise InvalidInput("stop what? script ID, topic TOPIC, or bot alone")
    if kind == TOPIC:
        known = list(TOPICS)
    elif kind == SCRIPT and said is not None:
        known = list(said.scripts)
    else:
        return
    if subject not in known:
        near = get_close_matches(subject, known, n=4, cutoff=0.4) or sorted(known)[:8]
        raise InvalidInput(f"there is no {kind} {subject}; perhaps {', '.join(near)}")


def moment(text: str, now: datetime) -> datetime:
    """18:00 (today), 2026-11-22 18:00 (Beijing), or RFC 3339 with offset. Raises InvalidInput for what is past."""
    hour = _HOUR.fullmatch(text)
    try:
        if hour is not None:
            local = now.astimezone(BEIJING)
            at = local.replace(hour=int(hour[1]), minute=int(hour[2]), second=0, microsecond=0)
        else:
            at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise InvalidInput(f"--until {text}: write 18:00, or 2026-11-22 18:00, or 2026-11-22T18:00+08:00") from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=BEIJING)
    if at <= now:
        raise InvalidInput(f"--until {text} is past")
    return at


def stop(db: Database, clock: Clock, kind: str, subject: str, why: str, until: str | None, by: str) -> None:
    """Raises Conflict where the same is stopped already."""
    why = " ".join(why.split())
    if not 2 <= len(why) <= WHY_MOST:
        raise InvalidInput(f"--why: say in 2 to {WHY_MOST} characters why it is stopped")
    now = clock.now()
    end = moment(until, now) if until else None
    with db.transaction() as tx:
        made = incidents.stop(tx, kind, subject, why=why, by=by, at=now, until=end)
        detail = {"what": made.name, "why": why, "until": rfc3339(end) if end else None}
        audit(tx, now, by, Action.STOPPED, f"incident:{made.id}", detail)
    print(f"stopped: {line(made)}")


def resume(db: Database, clock: Clock, kind: str, subject: str, by: str) -> None:
    """Raises NotFound where it is not stopped."""
    now = clock.now()
    with db.transaction() as tx:
        ended = incidents.resume(tx, kind, subject, by=by, at=now)
        for one in ended:
            audit(tx, now, by, Action.RESUMED, f"incident:{one.id}", {"what": one.name})
    for one in ended:
        print(f"resumed: {one.name}, stopped by {one.started_by} since {_shown(one.started_at)}: {one.why}")


def listed(db: Database, clock: Clock) -> None:
    """What is in force, and what was: the last fifty, newest first."""
    with db.transaction() as tx:
        found = incidents.all_of(tx, LISTED)
    now = clock.now()
    for one in found:
        print(f"{'IN FORCE' if one.in_force(now) else 'ended   '}  {line(one)}")
    print(f"{sum(one.in_force(now) for one in found)} in force")


def line(one: Incident) -> str:
    """#3 topic wealth since 2026-11-22 12:00 until 2026-11-22 18:00 by li: figures are being checked."""
    until = f" until {_shown(one.until)}" if one.until else ""
    ended = f", resumed {_shown(one.ended_at)} by {one.ended_by}" if one.ended_at else ""
    return f"#{one.id} {one.name} since {_shown(one.started_at)}{until} by {one.started_by}{ended}: {one.why}"


def _shown(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
