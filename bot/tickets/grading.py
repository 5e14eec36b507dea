"""What officers decide about a case: how grave, of what kind, about whom, until when. Every change with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.db import Tx
from bot.errors import Conflict, Forbidden, InvalidInput
from bot.knowledge import Knowledge
from bot.tickets import progress, review, store
from bot.tickets.clocks import sla_of
from bot.tickets.clockwork import Clockwork
from bot.tickets.missed import Missed
from bot.tickets.model import Case, CaseEvent, Severity, spoken
from bot.tickets.opening import Opening
from bot.tickets.overtaken import RESUMED, overtake
from bot.tickets.recusal import Officer
from bot.tickets.telling import Telling

LONG_EXTENSION = 60  # days: by the head only (L1)


class Grading:
    def __init__(
        self, knowledge: Knowledge, clockwork: Clockwork, telling: Telling, missed: Missed, opening: Opening
    ) -> None:
        self.knowledge = knowledge
        self.clockwork = clockwork
        self.telling = telling
        self.missed = missed
        self.opening = opening
        self.officers = opening.officers

    def severity(self, tx: Tx, case: Case, officer: Officer, at: datetime, severity: str, reason: str) -> Case:
        """Graver: its dates move, and only earlier. Less grave: they stay as they were promised."""
        to = Severity(severity)
        if to is case.severity:
            return case
        after = replace(case, severity=to, owner_queue=sla_of(to, self.knowledge.complaints).owner_queue)
        if to.rank > case.severity.rank:
            respond_by, due_at = self.clockwork.sooner(tx, case, to, at)
            after = replace(after, respond_by=respond_by, due_at=due_at)
            progress.sooner(tx, self.clockwork, after, at)
            self.opening.escalate(tx, after, at, "raised")
        detail = {"from": case.severity.value, "to": to.value, "reason": reason, "due": after.due_at.isoformat()}
        return store.change_case(tx, case, after, CaseEvent(at, officer.username, "severity", detail))

    def classify(
        self,
        tx: Tx,
        case: Case,
        officer: Officer,
        at: datetime,
        classes: Mapping[str, str],
        reason: str,
        root_cause: str | None = None,
        group: bool | None = None,
    ) -> Case:
        """Confirms or changes what the rules have proposed, also the flag 群体 (C5).

        Raises InvalidInput: complaints.yml has no such class.
        """
        for id_, value in classes.items():
            axis = next((a for a in self.knowledge.complaints.axes if a.id == id_), None)
            if axis is None or value not in {v.id for v in axis.values}:
                raise InvalidInput(f"{id_}: no such class", field=f"classes.{id_}")
        after = replace(
            case,
            classes={**case.classes, **classes},
            classified_by=officer.username,
            root_cause=case.root_cause if root_cause is None else root_cause,
            group=case.group if group is None else group,
        )
        before: Mapping[str, Any] = case.classes
        changed = {id_: [before.get(id_), to] for id_, to in classes.items() if before.get(id_) != to}
        if after.group is not case.group:
            changed["group"] = [case.group, after.group]
        detail = {"changed": changed, "reason": reason, "root_cause": after.root_cause, "group": after.group}
        return store.change_case(tx, case, after, CaseEvent(at, officer.username, "classified", detail))

    def repeat(self, tx: Tx, case: Case, officer: Officer, at: datetime, of: str, reason: str) -> Case:
        """Which of the customer's former complaints it repeats (000-68); empty: none. Raises InvalidInput.

        Words do not tell one matter retold from another on the same product, so a person decides (decision 0023).
        """
        earlier = {one.number: one for one in self.opening.earlier(tx, case, officer.username)}
        if of and of not in earlier:
            raise InvalidInput("no such former complaint of this customer", field="of")
        detail = {"before": case.repeat_of, "of": of or None, "reason": reason}
        after = replace(case, repeat_of=of or None)
        case = store.change_case(tx, case, after, CaseEvent(at, officer.username, "repeat", detail))
        about = earlier[of].accused if of else ()  # it is about whom the former one is about
        if not set(about) - set(case.accused):
            return case
        return self.opening.recuse(tx, case, (*dict.fromkeys([*case.accused, *about]),), officer.username, at, reason)

    def accused(
        self, tx: Tx, case: Case, officer: Officer, at: datetime, usernames: Sequence[str], reason: str
    ) -> Case:
        """Whom it is about, as a person finds it: more of them, fewer, or none."""
        unknown = set(usernames) - set(self.officers(tx))
        if unknown:
            raise InvalidInput("no such officer", field="usernames")
        return self.opening.recuse(tx, case, usernames, officer.username, at, reason)

    def extend(self, tx: Tx, case: Case, officer: Officer, at: datetime, days: int, reason: str, **said: Any) -> Case:
        """Longer than the regulator's 15 days, one step after the other, by somebody above all who have owned it in
        this round, and the customer is told (L1, C4)."""
        longer = [one for one in self.knowledge.complaints.extensions if one > case.cap_days]
        if days not in longer:
            raise InvalidInput("no such extension", field="days")
        if days != min(longer):
            raise InvalidInput("step by step", phrase="problem_case_extension_step", field="days")
        if officer.username in review.owners(tx, case) or (days >= LONG_EXTENSION and not officer.has("head")):
            raise Forbidden(phrase="problem_case_extension")
        if case.ended or case.result is not None:
            raise Conflict(phrase="problem_case_step")
        self.missed.overdue(tx, case, at, "cap", "resolution")
        until = self.clockwork.extend(tx, case, days)
        after = replace(case, cap_days=days, due_at=until, provisional=False)
        detail = {"days": days, "reason": reason, "approved_by": officer.username, "due": until.isoformat()}
        case = store.change_case(tx, case, after, CaseEvent(at, officer.username, "extended", detail))
        self._say(tx, case, officer, at, "case_extended", said, due=spoken(until), reason=reason)
        return case

    def pause(self, tx: Tx, case: Case, officer: Officer, at: datetime, reason: str, **said: Any) -> Case:
        """The bank waits for the customer, who is told for what."""
        if case.ended or case.result is not None:
            raise Conflict(phrase="problem_case_step")
        self.clockwork.pause(tx, case, at, reason, officer.username)
        case = store.change_case(tx, case, case, CaseEvent(at, officer.username, "paused", {"reason": reason}))
        self._say(tx, case, officer, at, "case_paused", said, reason=reason)
        return case

    def resume(self, tx: Tx, case: Case, officer: Officer, at: datetime) -> Case:
        """The customer was told that we wait, and by when he would know; where that moves he is told the new date."""
        promised = case.due_at
        case = resumed(tx, self.clockwork, case, officer.username, at)
        overtake(tx, self.knowledge, case, RESUMED, at)
        if case.due_at != promised:
            self.telling.phrase(tx, case, "case_resumed", at, key=f"v{case.version}", due=spoken(case.due_at))
        return case

    def quality(self, tx: Tx, case: Case, officer: Officer, at: datetime, note: str = "") -> Case:
        """The quality department has seen it (004-88)."""
        case = store.change_case(tx, case, case, CaseEvent(at, officer.username, "quality", {"note": note}))
        self.missed.met(tx, case, at, officer.username, "quality")
        return case

    def _say(
        self, tx: Tx, case: Case, officer: Officer, at: datetime, phrase: str, said: Mapping[str, Any], **values: str
    ) -> None:
        """His reason goes to the customer, so the guard reads it as what it is: a person's words."""
        text, choices = self.knowledge.phrase(phrase, number=case.number, **values)
        self.telling.words(tx, case, text, officer, at, template=phrase, choices=choices, **said)


def resumed(tx: Tx, clockwork: Clockwork, case: Case, actor: str, at: datetime) -> Case:
    """The bank does not wait for the customer any more. Raises Conflict where it does not now."""
    due_at = clockwork.resume(tx, case, at) or case.due_at
    event = CaseEvent(at, actor, "resumed", {"due": due_at.isoformat()})
    return store.change_case(tx, case, replace(case, due_at=due_at), event)
