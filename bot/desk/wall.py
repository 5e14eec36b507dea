"""The supervisor's wall: how the whole desk stands now, a day in figures, and the conversations behind each figure.

A conversation whose customer complains about who looks is part of nothing that he sees: as if it were not there. Only
how many conversations began in an hour counts all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.clock import rfc3339, today
from bot.conversation import counts, day, handovers, store
from bot.conversation.breaches import Breach, noticed
from bot.conversation.day import Day, Visit
from bot.conversation.model import Conversation, State
from bot.conversation.package import reason, reason_words
from bot.conversation.signals import Mood, mood
from bot.db import Tx
from bot.desk.items import brief, places_of
from bot.desk.rights import Act
from bot.desk.routing import AT_DESK
from bot.desk.skills import takes
from bot.desk.staff import PRESENCES, Agent
from bot.desk.views import HEAD, Views

LATEST, MOST = 20, 100  # breaches, and customers who are served, that are listed


@dataclass(frozen=True)
class Asked:
    """Which visits of a day; what is None is not asked for."""

    hour: int | None = None
    reason: str | None = None
    mood: Mood | None = None
    agent: str | None = None
    breached: bool = False

    def meets(self, visit: Visit) -> bool:
        return (
            (visit.fresh or self.agent is not None or self.breached)
            and self.hour in (None, visit.hour)
            and self.reason in (None, visit.entry.reason or "")
            and self.mood in (None, visit.mood)
            and self.agent in (None, visit.entry.agent)
            and (not self.breached or bool(visit.breaches))
        )


class Wall:
    def __init__(self, views: Views) -> None:
        self.views = views
        self.db, self.clock, self.knowledge = views.db, views.clock, views.knowledge

    def now(self, agent: Agent) -> dict[str, Any]:
        """Queues, who waits and is served, who is there, and what ran out today; of long lists the head."""
        with self.db.transaction() as tx:
            kept = self.views.recusal.kept_from(tx, agent.username)
            waiting = [one for one in store.waiting(tx) if one.id not in kept]
            serving = [one for one in store.in_state(tx, State.HUMAN) if one.id not in kept]
            late = [one for one in noticed(tx, *day.span(today(self.clock))) if one.conversation_id not in kept]
            people, loads, names = self._people(tx), counts.loads(tx), self.views.staff.names_in(tx)
            moods = Counter(mood(one.mood, one.reason, self.knowledge) for one in (*waiting, *serving))
            return {
                "queues": self._queues(waiting, serving, people, loads),
                "longest_since": _longest(waiting),
                "upset": moods["strong"],
                "tense": moods["tense"],
                "waiting_total": len(waiting),
                "waiting": self._rows(tx, waiting[:HEAD], places_of(waiting), names),
                "serving_total": len(serving),
                "serving": self._rows(tx, serving[:MOST], {}, names),
                "agents": [self._person(one, loads) for one in people],
                "breaches_total": len(late),
                "breaches": self._breaches(tx, late, names),
            }

    def day(self, agent: Agent, wanted: date | None) -> dict[str, Any]:
        """Hour by hour, reason by reason, agent by agent; today where no day is named."""
        wanted, at = wanted or today(self.clock), self.clock.now()
        with self.db.transaction() as tx:
            kept = self.views.recusal.kept_from(tx, agent.username)
            found, names = day.read(tx, wanted, self.knowledge, kept), self.views.staff.names_in(tx)
        reasons = sum((hour.reasons for hour in found.hours), Counter())
        return {
            "day": wanted.isoformat(),
            "hours": [_hour(hour) for hour in found.hours if hour.begins <= at],
            "reasons": [
                {"id": code, "label": reason_words(code, self.knowledge), "count": count}
                for code, count in reasons.most_common()
            ],
            "totals": self._totals(found),
            "agents": self._served(found, names),
        }

    def entries(
        self, agent: Agent, wanted: date | None, asked: Asked, limit: int, after: str | None = None
    ) -> dict[str, Any]:
        """The visits behind a figure, in the order in which they came, from the one after `after` on."""
        with self.db.transaction() as tx:
            kept = self.views.recusal.kept_from(tx, agent.username)
            found = day.visits(tx, wanted or today(self.clock), self.knowledge, kept)
            names = self.views.staff.names_in(tx)
        first = next((place for place, one in enumerate(found, 1) if _key(one) == after), 0)
        such = [one for one in found[first:] if asked.meets(one)]
        return {
            "entries": [self._visit(one, names) for one in such[:limit]],
            "next": _key(such[limit - 1]) if len(such) > limit else None,
        }

    # inside

    def _people(self, tx: Tx) -> list[Agent]:
        """Whose work it is to serve: the ready first, the gone last."""
        people = [one for one in self.views.staff.working(tx) if one.may(Act.SERVE)]
        return sorted(people, key=lambda one: (PRESENCES.index(one.presence), one.username))

    def _queues(
        self,
        waiting: Sequence[Conversation],
        serving: Sequence[Conversation],
        people: Sequence[Agent],
        loads: Mapping[str, int],
    ) -> list[dict[str, Any]]:
        queues = self.knowledge.escalation.queues
        shown = []
        for queue in queues:
            his = [one for one in waiting if one.queue == queue.id]
            ready = [one for one in people if one.presence == "ready" and takes(one, queue.id, self.knowledge)]
            shown.append(
                {
                    "id": queue.id,
                    "label": queue.name,
                    "waiting": len(his),
                    "serving": sum(one.queue == queue.id for one in serving),
                    "since": _longest(his),
                    "ready": len(ready),
                    "free": sum(max(one.limit - loads.get(one.username, 0), 0) for one in ready),
                }
            )
        return shown

    def _rows(
        self, tx: Tx, found: Sequence[Conversation], places: Mapping[str, int], names: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        entries = handovers.standing(tx, [one.id for one in found])
        return [
            {
                **brief(self.views, one, entries.get(one.id), places),
                "agent": _named(one.holder or one.offered_to, names),
            }
            for one in found
        ]

    def _person(self, one: Agent, loads: Mapping[str, int]) -> dict[str, Any]:
        labels = self.knowledge.escalation.skills
        return {
            "id": one.username,
            "label": one.name,
            "presence": one.presence,
            "senior": one.senior,
            "skills": [{"id": skill, "label": labels.get(skill, skill)} for skill in one.skills],
            "limit": one.limit,
            "load": loads.get(one.username, 0),
            "idle_since": rfc3339(one.idle_since) if one.idle_since and one.presence in AT_DESK else None,
        }

    def _breaches(self, tx: Tx, late: Sequence[Breach], names: Mapping[str, str]) -> list[dict[str, Any]]:
        latest = late[: -LATEST - 1 : -1]
        entries = handovers.of_chain(tx, {one.conversation_id for one in latest})
        reasons = {(entry.conversation_id, entry.epoch): entry.reason for entry in entries}
        return [
            {
                "at": rfc3339(one.at),
                "name": one.name,
                "label": self._clock(one.name),
                "conversation_id": one.conversation_id,
                "agent": _named(one.agent, names),
                "reason": reason(reasons.get((one.conversation_id, one.epoch)), self.knowledge),
            }
            for one in latest
        ]

    def _clock(self, name: str) -> str:
        return self.knowledge.phrase(f"deadline_{name}")[0]

    def _totals(self, found: Day) -> dict[str, Any]:
        return {
            "started": sum(hour.started for hour in found.hours),
            "entered": len(found.came),
            "served": sum(visit.served for visit in found.came),
            "left": sum(visit.entry.how in day.GAVE_UP for visit in found.came),
            "breached": sum(bool(visit.breaches) for visit in found.visits),
            "waited_s": day.middle(found.came, lambda visit: visit.waited_s if visit.served else None),
            "first_answer_s": _first_answer(found.visits),
            "handling_s": day.middle(found.visits, lambda visit: visit.handling_s),
            "in_time": day.in_time(found.visits, self.knowledge.escalation.first_answer_s),
        }

    def _served(self, found: Day, names: Mapping[str, str]) -> list[dict[str, Any]]:
        """Agent by agent, who served anybody on that day."""
        shown = []
        for username, name in names.items():
            his = [visit for visit in found.visits if visit.entry.agent == username]
            if his:
                late, answered = sum(bool(visit.breaches) for visit in his), _first_answer(his)
                one = {"id": username, "label": name, "served": len(his), "breached": late}
                shown.append({**one, "first_answer_s": answered})
        return shown

    def _visit(self, visit: Visit, names: Mapping[str, str]) -> dict[str, Any]:
        entry, said = visit.entry, self.knowledge
        queues = {str(queue.id): str(queue.name) for queue in said.escalation.queues}
        return {
            "conversation_id": entry.conversation_id,
            "entered_at": rfc3339(entry.entered_at),
            "queue": queues.get(entry.queue, entry.queue),
            "reason": reason(entry.reason, said),
            "agent": _named(entry.agent, names),
            "waited_s": visit.waited_s,
            "first_answer_s": visit.first_answer_s,
            "handling_s": visit.handling_s,
            "how": entry.how,
            "result": entry.result,
            "mood": visit.mood,
            "breaches": [self._clock(name) for name in visit.breaches],
        }


def _named(username: str | None, names: Mapping[str, str]) -> dict[str, str] | None:
    return None if username is None else {"id": username, "label": names.get(username, username)}


def _longest(waiting: Sequence[Conversation]) -> str | None:
    since = [one.waiting_since for one in waiting if one.waiting_since]
    return rfc3339(min(since)) if since else None


def _key(visit: Visit) -> str:
    return f"{visit.entry.conversation_id}.{visit.entry.epoch}"


def _first_answer(found: Sequence[Visit]) -> int | None:
    return day.middle(found, lambda visit: visit.first_answer_s)


def _hour(hour: day.Hour) -> dict[str, Any]:
    return {
        "hour": hour.hour,
        "started": hour.started,
        "entered": len(hour.visits),
        "reasons": dict(hour.reasons),
        "moods": hour.moods,
    }
