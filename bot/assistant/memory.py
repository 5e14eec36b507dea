"""Rasa's tracker store over our own database: it fails loudly, keeps one session, and forgets turns given up."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.assistant import store
from bot.assistant.thread import given_up
from bot.clock import Clock
from bot.db import Database

KEPT = 160  # events, some twenty turns: every policy replays all of them at every prediction
LISTEN = "action_listen"


class Memory(TrackerStore):
    """Raises StoreUnavailable: a lost database must not look like a new customer (rasa-notes: FailSafeTrackerStore)."""

    def __init__(self, domain: Domain, db: Database, clock: Clock) -> None:
        super().__init__(domain)
        self._db = db
        self._clock = clock

    async def get_or_create_tracker(
        self, sender_id: str, max_event_history: int | None = None, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """Nothing is saved before the turn is through."""
        tracker = await self.retrieve(sender_id)
        if tracker is None:
            tracker = self.init_tracker(sender_id)
            if append_action_listen:
                tracker.update(ActionExecuted(LISTEN))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        with self._db.transaction() as tx:
            kept = store.load(tx, sender_id)
        if kept is None:
            return None
        return DialogueStateTracker.from_events(sender_id, [_event(one) for one in kept], self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        if given_up():
            return
        with self._db.transaction() as tx:
            store.save(tx, tracker.sender_id, kept_events(tracker), self._clock.now())


def kept_events(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The last session, cut at the start of a turn; slots set before the cut are set again in front of it."""
    events = [event.as_dict() for event in tracker.events]
    starts = [i for i, event in enumerate(events) if event["event"] == SessionStarted.type_name]
    if starts:
        events = events[starts[-1] :]
    if len(events) <= KEPT:
        return events
    cut = next(i for i in range(len(events) - KEPT, len(events)) if _listens(events[i]) or i == len(events) - 1)
    slots: dict[str, dict[str, Any]] = {e["name"]: e for e in events[:cut] if e["event"] == "slot"}
    return [*slots.values(), *events[cut:]]


def _listens(event: dict[str, Any]) -> bool:
    return event["event"] == "action" and event["name"] == LISTEN


def _event(kept: dict[str, Any]) -> Event:
    return _types()[kept["event"]]._from_parameters(dict(kept))


@lru_cache(maxsize=1)
def _types() -> dict[str, type[Event]]:
    """Rasa looks through all subclasses for every single event: four fifths of the time of loading a tracker."""
    return {cls.type_name: cls for cls in all_subclasses(Event)}
