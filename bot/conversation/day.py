"""A day of the desk, read back: who came into the queue, why, in what mood, how long it took, which clocks ran out.

Days and hours are Beijing's. Medians are seconds; None where nothing was measured. A breach belongs to the visit whose
clock it was, on whatever day it was noticed. Every function works inside the caller's transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

import sqlalchemy as sa

from bot.clock import BEIJING, midnight
from bot.conversation import handovers
from bot.conversation.breaches import of_conversations
from bot.conversation.handovers import Entry
from bot.conversation.signals import Mood, mood
from bot.conversation.tables import conversations
from bot.db import Tx
from bot.knowledge import Knowledge

GAVE_UP = ("cancel", "message")  # handovers.How


@dataclass(frozen=True)
class Visit:
    """One entry into the queue, with the customer's mood and the clocks that ran out on it."""

    entry: Entry
    mood: Mood | None  # None: not measured yet on that day
    breaches: tuple[str, ...]  # names of clocks
    fresh: bool  # he came; a take-over only goes on with who is served

    @property
    def hour(self) -> int:
        return self.entry.entered_at.astimezone(BEIJING).hour

    @property
    def served(self) -> bool:
        return self.entry.claimed_at is not None

    @property
    def waited_s(self) -> float | None:
        return _seconds(self.entry.entered_at, self.entry.claimed_at or self.entry.left_at)

    @property
    def first_answer_s(self) -> float | None:
        return _seconds(self.entry.claimed_at, self.entry.first_answer_at)

    @property
    def handling_s(self) -> float | None:
        return _seconds(self.entry.claimed_at, self.entry.left_at)


@dataclass(frozen=True)
class Hour:
    begins: datetime
    started: int  # conversations of every kind, also those that need nobody
    visits: Sequence[Visit]  # of who came

    @property
    def hour(self) -> int:
        return self.begins.astimezone(BEIJING).hour

    @property
    def reasons(self) -> Counter[str]:
        return Counter(visit.entry.reason or "" for visit in self.visits)

    @property
    def moods(self) -> Counter[str] | None:
        """None where somebody came and nobody's was measured."""
        measured = [visit.mood for visit in self.visits if visit.mood is not None]
        return Counter(measured) if measured or not self.visits else None


@dataclass(frozen=True)
class Day:
    day: date
    hours: Sequence[Hour]
    visits: Sequence[Visit]  # in the order in which they came

    @property
    def came(self) -> list[Visit]:
        return [visit for visit in self.visits if visit.fresh]


def span(day: date) -> tuple[datetime, datetime]:
    """From its midnight to the next."""
    return midnight(day), midnight(day + timedelta(days=1))


def read(tx: Tx, day: date, said: Knowledge, kept: Collection[str]) -> Day:
    """`kept`: conversations that are no part of it."""
    found = visits(tx, day, said, kept)
    came: list[list[Visit]] = [[] for _ in range(24)]
    for visit in found:
        if visit.fresh:
            came[visit.hour].append(visit)
    hours = map(Hour, _hours(day)[:-1], _started(tx, day), came)
    return Day(day, tuple(hours), found)


def visits(tx: Tx, day: date, said: Knowledge, kept: Collection[str]) -> list[Visit]:
    """Who came into the queue on that day, or was taken over, in that order; but for the `kept` conversations."""
    entries = [one for one in handovers.between(tx, *span(day)) if one.conversation_id not in kept]
    taken = {(one.conversation_id, one.left_at) for one in entries if one.how == "takeover"}
    late: dict[tuple[str, int], list[str]] = {}
    for breach in of_conversations(tx, handovers.came(*span(day))):
        late.setdefault((breach.conversation_id, breach.epoch), []).append(breach.name)
    return [
        Visit(
            entry,
            mood(entry.mood, entry.reason, said) if entry.mood is not None else None,
            tuple(late.get((entry.conversation_id, entry.epoch), ())),
            (entry.conversation_id, entry.entered_at) not in taken,
        )
        for entry in entries
    ]


def middle(found: Iterable[Visit], of: Callable[[Visit], float | None]) -> int | None:
    """The median in whole seconds."""
    measured = [value for visit in found if (value := of(visit)) is not None]
    return round(median(measured)) if measured else None


def in_time(found: Iterable[Visit], within_s: int) -> float | None:
    """The share of those whose first answer came in time. Who was left without any had none."""
    over = [visit for visit in found if visit.served and (visit.entry.first_answer_at or visit.entry.left_at)]
    kept = [visit for visit in over if visit.first_answer_s is not None and visit.first_answer_s <= within_s]
    return len(kept) / len(over) if over else None


def _started(tx: Tx, day: date) -> list[int]:
    """Conversations that began in each hour."""
    begun, edges = conversations.c.created_at, _hours(day)
    in_hour = [sa.func.count(sa.case((begun < after, 1))) for after in edges[1:]]
    upto = [0, *tx.execute(sa.select(*in_hour).where(begun >= edges[0], begun < edges[-1])).one()]
    return [after - before for before, after in pairwise(upto)]


def _hours(day: date) -> list[datetime]:
    """Where each begins, and where the last one ends."""
    return [midnight(day) + timedelta(hours=hour) for hour in range(25)]


def _seconds(since: datetime | None, until: datetime | None) -> float | None:
    return None if since is None or until is None else (until - since).total_seconds()
