"""Tasks with a date: visits after a case and what was raised in them (000-36 to 000-45), promises, subtasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.conversation.survey import store as surveyed
from bot.db import Tx
from bot.errors import Conflict, Forbidden, InvalidInput
from bot.knowledge import Knowledge
from bot.tickets import deadlines, promises, store
from bot.tickets.clockwork import Clockwork
from bot.tickets.deadlines import Deadline
from bot.tickets.missed import Missed
from bot.tickets.model import Case, CaseEvent
from bot.tickets.opening import Officers
from bot.tickets.recusal import HANDLER, Officer, check_given
from bot.tickets.recused import kept_from
from bot.tickets.telling import PERSON, Telling

ASKED = ("visit", "final")  # tasks whose answers are kept
NOTED = ("tell", "points", "feedback")  # tasks in which the customer hears something
VISIT = ("continuity", "suggestions")  # what a visit asks beside it (000-42)
SATISFACTION = ("非常满意", "一般", "不满意")
ANSWERS = frozenset({"satisfaction", "continuity", "suggestions", "points", "reached"})


class Aftercare:
    def __init__(
        self, knowledge: Knowledge, clockwork: Clockwork, telling: Telling, missed: Missed, officers: Officers
    ) -> None:
        self.knowledge = knowledge
        self.telling = telling
        self.officers = officers
        self.clockwork = clockwork
        self.missed = missed

    def take(self, tx: Tx, task: Deadline, officer: Officer, at: datetime) -> Deadline:
        """Raises Conflict: somebody has it, or it is done. Forbidden: it is not for his role."""
        task, case = deadlines.for_act(tx, task.id)  # another may have been faster since it was read
        if not _free_for(task, officer):
            raise Conflict(phrase="problem_task_taken")
        self._check_role(tx, task, case, officer)
        return deadlines.reschedule(tx, task, person=officer.username)

    def done(
        self,
        tx: Tx,
        task: Deadline,
        officer: Officer,
        at: datetime,
        note: str,
        answers: Mapping[str, Any] | None = None,
        **said: Any,
    ) -> None:
        """Visit and confirmation need the customer's answers; who was not reached is called again (000-44). The note
        of the written feedback is what the customer reads.

        Raises Conflict, Forbidden, InvalidInput, RefusedByGuard.
        """
        task, case = deadlines.for_act(tx, task.id)
        if not _free_for(task, officer):
            raise Forbidden(phrase="problem_task_taken")
        self._check_role(tx, task, case, officer)
        if task.opens_at > at:
            raise Conflict(phrase="problem_task_early")
        if task.kind == "report":
            raise Conflict(phrase="problem_task_report")
        if task.kind in NOTED and not note.strip():
            raise InvalidInput("how was it done?", phrase="problem_task_note", field="note")
        given = self._answers(task, answers)
        if given and not given["reached"]:
            self._tried(tx, task, case, officer, at, note)
            return
        if task.kind == "feedback" and self._feedback(tx, case, officer, at, note, said) == PERSON:
            return  # done when a person has told it
        detail = {"note": note, **({"answers": given} if given else {})}
        if case is not None:
            event = CaseEvent(at, officer.username, "task_done", {"task": task.kind, **detail})
            store.add_event(tx, case.number, event)
            if given:
                self._after_visit(tx, task, case, given, at)
            if task.kind == "tell":
                self.missed.told(tx, case, task, at, officer.username, **detail)
                return
        if deadlines.meet(tx, task, at, officer.username, **detail):
            self.missed.record(tx, case, task, at)

    def subtask(
        self,
        tx: Tx,
        case: Case,
        officer: Officer,
        at: datetime,
        department: str,
        text: str,
        due_at: datetime,
        to: str = "",
    ) -> Case:
        """Another department helps; the owner keeps the lead (001-15)."""
        if department not in self.knowledge.complaints.departments:
            raise InvalidInput("no such department", field="department")
        check_given(case, to, self.officers(tx), kept_from(tx, to))
        _check_date(due_at, at)
        detail = {"department": department, "lead": case.owner_user}
        self.clockwork.task(
            tx, "subtask", f"{case.number}/subtask/v{case.version}", at, case=case, due_at=due_at,
            person=to or None, text=text, detail=detail,
        )  # fmt: skip
        event = CaseEvent(
            at, officer.username, "subtask", {**detail, "text": text, "due": due_at.isoformat(), "to": to}
        )
        return store.change_case(tx, case, case, event)

    def promise(
        self,
        tx: Tx,
        officer: Officer,
        at: datetime,
        text: str,
        due_at: datetime,
        *,
        key: str,
        conversation_id: str | None = None,
        case: Case | None = None,
    ) -> bool:
        """What was promised to a customer is done by its date (002-03). False: that promise is there already."""
        _check_date(due_at, at)
        made = self.clockwork.task(
            tx, "promise", f"promise/{key}", at, case=case, conversation_id=conversation_id, due_at=due_at,
            person=officer.username, text=text,
        )  # fmt: skip
        if made and case is not None:
            event = CaseEvent(at, officer.username, "promised", {"text": text, "due": due_at.isoformat()})
            store.add_event(tx, case.number, event)
        return made

    def heard(
        self, tx: Tx, officer: Officer, at: datetime, text: str, *, key: str, conversation_id: str | None = None,
        case: Case | None = None,
    ) -> None:  # fmt: skip
        """An officer says something to a customer, in a chat or of a case: what he promises is a task (002-03)."""
        found = promises.promised(text, at, self.knowledge.complaints.promises, self.clockwork.calendar)
        if found is not None:
            self.promise(tx, officer, at, found.text, found.due_at, key=key, conversation_id=conversation_id, case=case)

    def kind_is_for(self, kind: str, officer: Officer) -> bool:
        """Of what nobody has yet. An owner's, while there is none: for those who take new cases."""
        role = self.knowledge.complaints.clock(kind).role
        return role == "agent" or officer.has(HANDLER if role == "owner" else role)

    def _check_role(self, tx: Tx, task: Deadline, case: Case | None, officer: Officer) -> None:
        if (case.conversation_id if case else task.conversation_id) in kept_from(tx, officer.username):
            raise Forbidden(phrase="problem_case_recused")
        if task.person is None and not (self.kind_is_for(task.kind, officer) or officer.leads):
            raise Forbidden(phrase="problem_task_role")

    def _answers(self, task: Deadline, answers: Mapping[str, Any] | None) -> dict[str, Any]:
        if task.kind not in ASKED:
            return {}
        given = {"reached": True, **(answers or {})}
        if set(given) - ANSWERS:
            raise InvalidInput("unknown answer", field="answers")
        if given["reached"] and given.get("satisfaction") not in SATISFACTION:
            raise InvalidInput("how satisfied?", phrase="problem_task_answers", field="answers.satisfaction")
        for name in VISIT if task.kind == "visit" and given["reached"] else ():
            if not str(given.get(name) or "").strip():
                raise InvalidInput("or said to be none", phrase="problem_task_answers", field=f"answers.{name}")
        return {k: v for k, v in given.items() if v not in ("", None)}

    def _rated(self, tx: Tx, case: Case, place: int, at: datetime) -> None:
        """What he said counts in the month's score as if he had pressed it, unless he has (004-90)."""
        survey = self.knowledge.survey
        question = survey.question(survey.score_of)
        if question is None or not question.answers:
            return
        best_first = sorted(question.answers, key=lambda one: -one.points)
        meant = best_first[round(place * (len(best_first) - 1) / (len(SATISFACTION) - 1))]
        surveyed.ask(tx, case.conversation_id, case.number, question.id, case.source_seq, at)
        for asked in surveyed.of_subject(tx, case.conversation_id, case.number):
            if asked.question == question.id:
                surveyed.answer(tx, asked, meant.id, at, points=meant.points)

    def _feedback(
        self, tx: Tx, case: Case | None, officer: Officer, at: datetime, note: str, said: Mapping[str, Any]
    ) -> str:
        assert case is not None  # a visit is one of a case
        text, _ = self.knowledge.phrase("case_feedback", number=case.number, text=note)
        way = self.telling.words(tx, case, text, officer, at, template="case_feedback", **said)
        self.heard(tx, officer, at, note, key=f"{case.number}/{case.version}/feedback", case=case)
        return way

    def _tried(self, tx: Tx, task: Deadline, case: Case | None, officer: Officer, at: datetime, note: str) -> None:
        tries = [*task.detail.get("tries", ()), {"at": at.isoformat(), "by": officer.username, "note": note}]
        deadlines.reschedule(tx, task, detail={**task.detail, "tries": tries}, person=officer.username)
        if case is not None:
            store.add_event(tx, case.number, CaseEvent(at, officer.username, "not_reached", {"task": task.kind}))

    def _after_visit(self, tx: Tx, task: Deadline, case: Case, given: Mapping[str, Any], at: datetime) -> None:
        """Points raised are answered in 3 working days, and a visit gets written feedback in 10 (000-37, 000-45)."""
        self._rated(tx, case, SATISFACTION.index(given["satisfaction"]), at)
        case = replace(case, round=task.round)
        if given.get("points"):
            self.clockwork.task(
                tx, "points", f"{task.key}/points", at, case=case, person=case.owner_user, text=str(given["points"])
            )
        if task.kind == "visit":
            self.clockwork.task(tx, "feedback", f"{task.key}/feedback", at, case=case, person=case.owner_user)


def _free_for(task: Deadline, officer: Officer) -> bool:
    """Nobody else has it, or he stands above who has."""
    return task.person in (None, officer.username) or officer.leads


def _check_date(due_at: datetime, at: datetime) -> None:
    if due_at <= at:
        raise InvalidInput("the date has passed", phrase="problem_task_date", field="due_at")
