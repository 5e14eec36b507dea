"""Cases, clocks, tasks and warnings as the console reads them: JSON of docs/tickets.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.clock import rfc3339
from bot.console.case_history import CaseHistory
from bot.conversation import store as log
from bot.db import Tx
from bot.desk.staff import Staff
from bot.knowledge import Knowledge
from bot.tickets import deadlines, store
from bot.tickets.casework import Casework
from bot.tickets.deadlines import Deadline
from bot.tickets.files import MAX_BYTES, TYPES, files_of
from bot.tickets.model import CHANNELS, Case, CaseState, Kind, Severity
from bot.tickets.readback import contact_words
from bot.tickets.recusal import Officer, may_see, may_work
from bot.tickets.worded import worded
from bot.tickets.work import told

TITLE = 40  # characters of the facts that stand for a case in a list


class CaseViews:
    def __init__(self, casework: Casework, staff: Staff) -> None:
        self._casework = casework
        self._staff = staff
        self._history = CaseHistory(casework.knowledge)

    @property
    def knowledge(self) -> Knowledge:
        return self._casework.knowledge

    def briefs(self, tx: Tx, officer: Officer, cases: Sequence[Case]) -> list[dict[str, Any]]:
        names = self._names(tx)
        running: dict[str | None, list[Deadline]] = {}
        for deadline in deadlines.of_cases(tx, [case.number for case in cases]):
            running.setdefault(deadline.number, []).append(deadline)
        paused = self._casework.clockwork.all_paused(tx)
        return [
            self._brief(tx, officer, case, running.get(case.number, ()), names, case.number in paused) for case in cases
        ]

    def full(self, tx: Tx, officer: Officer, case: Case) -> dict[str, Any]:
        names, now = self._names(tx), self._casework.clock.now()
        found = deadlines.of_case(tx, case.number)
        clockwork = self._casework.clockwork
        breaks = clockwork.breaks(tx, case.number, now)
        paused = clockwork.paused(tx, case.number)
        holder = log.get(tx, case.conversation_id).holder
        rules = self.knowledge.complaints
        return {
            **self._brief(tx, officer, case, [d for d in found if d.open], names, paused is not None),
            "version": case.version,
            "round": case.round,
            "received_at": rfc3339(case.since),
            "updated_at": rfc3339(case.updated_at),
            "cap_days": case.cap_days,
            "contact": contact_words(case.contact, self.knowledge),
            "fields": {
                **vars(case.fields),
                "product": worded(self.knowledge, "product", case.fields.product),
                "representatives": list(case.fields.representatives),
            },
            "classes": dict(case.classes),
            "proposed_classes": case.classified_by is None,
            "root_cause": case.root_cause,
            "accused": [self._person(user, names) for user in case.accused],
            "pause": {"since": rfc3339(paused.since), "reason": paused.reason} if paused else None,
            "proposal": case.proposal,
            "result": case.result,
            "clocks": [
                {
                    "id": d.id,
                    "kind": d.kind,
                    "label": rules.clock(d.kind).label,
                    "starts_at": rfc3339(d.starts_at),
                    "opens_at": rfc3339(d.opens_at),
                    "due_at": rfc3339(d.due_at),
                    "done_at": rfc3339(d.done_at) if d.done_at else None,
                    "breached": d.missed(now),
                    "state": d.state,
                    "percent": clockwork.percent(d, now, breaks),
                    "pausable": rules.clock(d.kind).pausable,
                    "provisional": d.provisional,
                }
                for d in found
            ],
            "tasks": [self._task(tx, d, names) for d in found if d.task],
            "timeline": [self._history.line(event, names) for event in store.events_of(tx, case.number)],
            "files": [
                {
                    "id": row.id,
                    "name": row.name,
                    "type": row.type,
                    "size": row.size,
                    "at": rfc3339(row.at),
                    "by": names.get(row.by, row.by),
                }
                for row in files_of(tx, case.number)
            ],
            "linked": [
                {
                    "conversation_id": row.conversation_id,
                    "channel_label": self._history.words(f"case_channel_{log.get(tx, row.conversation_id).channel}"),
                    "at": rfc3339(row.at),
                    "why": self._history.words(f"case_linked_{row.why}"),
                }
                for row in store.links_of(tx, case.number)
            ],
            "repeat_of": case.repeat_of,
            "earlier": [
                self._earlier(officer, one)
                for one in self._casework.tickets.opening.earlier(tx, case, officer.username)
            ],
            "allowed": self._casework.allowed(tx, officer, case, holder),
        }

    def tasks(self, tx: Tx, tasks: Iterable[Deadline]) -> list[dict[str, Any]]:
        names = self._names(tx)
        return [self._task(tx, task, names) for task in tasks]

    def _task(self, tx: Tx, task: Deadline, names: dict[str, str]) -> dict[str, Any]:
        now = self._casework.clock.now()
        rule = self.knowledge.complaints.clock(task.kind)
        case = store.case(tx, task.number) if task.number else None
        what = str(task.detail.get("what") or "")
        script = rule.script.format(bank=self.knowledge.bank.name, number=task.number) if rule.script else ""
        return {
            "id": task.id,
            "kind": task.kind,
            "label": rule.label,
            "what": {"id": what, "label": self._history.told(what)} if what else None,
            "number": task.number,
            "conversation_id": task.conversation_id,
            "text": task.text,
            "title": _title(case.facts) if case else task.text[:TITLE],
            "script": script,
            "opens_at": rfc3339(task.opens_at),
            "due_at": rfc3339(task.due_at),
            "overdue": task.missed(now),
            "open": task.open,
            "person": self._person(task.person, names),
            "role": rule.role,
            "done_at": rfc3339(task.done_at) if task.done_at else None,
            "answers": task.detail.get("answers"),
            "tries": list(task.detail.get("tries", ())),
        }

    def options(self, tx: Tx) -> dict[str, Any]:
        knowledge, rules = self.knowledge, self.knowledge.complaints
        return {
            "severities": [severity.value for severity in Severity],
            "states": [
                {"id": state.value, "label": self._history.words(f"case_state_{state.value.lower()}")}
                for state in CaseState
            ],
            "channels": [{"id": id_, "label": self._history.words(f"case_channel_{id_}")} for id_ in CHANNELS],
            "axes": [
                {
                    "id": axis.id,
                    "label": axis.label,
                    "values": [{"id": value.id, "label": value.id} for value in axis.values],
                }
                for axis in rules.axes
            ],
            "departments": list(rules.departments),
            "staff": [{"id": user, "label": name} for user, name in self._staff.names_in(tx, working=True).items()],
            "products": [{"id": product.id, "label": product.name} for product in knowledge.products.values()],
            "files": {"types": sorted(TYPES), "max_bytes": MAX_BYTES},
        }

    def _brief(
        self,
        tx: Tx,
        officer: Officer,
        case: Case,
        running: Sequence[Deadline],
        names: dict[str, str],
        paused: bool,
    ) -> dict[str, Any]:
        now = self._casework.clock.now()
        conversation = log.get(tx, case.conversation_id)
        callback = case.kind is Kind.CALLBACK
        facts = told(log.read(tx, case.conversation_id)) if callback else case.facts
        kept = (d for d in running if d.kind != deadlines.PROGRESS)
        clocks = [d for d in kept if d.opens_at <= now and d.next_at is not None]
        upcoming = min(clocks, key=lambda d: d.due_at, default=None)
        reasons = self.knowledge.escalation.reasons
        owner = self._person(case.owner_user, names)
        return {
            "number": case.number,
            "kind": case.kind.name.lower(),
            "severity": case.severity.value,
            "repeat": case.repeat,
            "group": case.group,
            "state": case.state.value,
            "state_label": self._history.words(f"case_state_{case.state.value.lower()}"),
            "owner": case.owner_queue,
            "owner_user": owner,
            "taken_by": owner["label"] if owner else None,
            "mine": case.owner_user == officer.username,
            "may_work": may_work(officer, case, conversation.holder),
            "channel": case.channel,
            "channel_label": self._history.words(f"case_channel_{case.channel}"),
            "facts": facts,
            "title": _title(facts),
            "reason": reasons[case.reason].text if case.reason else None,
            "conversation_id": case.conversation_id,
            "opened_at": rfc3339(case.opened_at),
            "due": rfc3339(case.due_at),
            "first_response_due": rfc3339(case.respond_by),
            "provisional": case.provisional,
            "overdue": any(d.missed(now) for d in running),
            "paused": paused,
            "next": {
                "kind": upcoming.kind,
                "label": self.knowledge.complaints.clock(upcoming.kind).label,
                "due_at": rfc3339(upcoming.due_at),
                "breached": upcoming.missed(now),
            }
            if upcoming
            else None,
        }

    def _earlier(self, officer: Officer, case: Case) -> dict[str, Any]:
        """A former complaint of the customer that is not kept from him: its words only where his role may see it."""
        return {
            "number": case.number,
            "title": _title(case.facts) if may_see(officer, case, (), None) else "",
            "opened_at": rfc3339(case.opened_at),
            "state_label": self._history.words(f"case_state_{case.state.value.lower()}"),
        }

    def _names(self, tx: Tx) -> dict[str, str]:
        return dict(self._staff.names_in(tx))

    def _person(self, username: str | None, names: dict[str, str]) -> dict[str, str] | None:
        return {"id": username, "label": names.get(username, username)} if username else None


def _title(facts: str) -> str:
    line = facts.strip().split("\n")[0]
    return line if len(line) <= TITLE else line[:TITLE] + "…"
