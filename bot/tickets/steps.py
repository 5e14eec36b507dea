"""What officers do to a case on its way, from acceptance to the end. Each act is one entry of its history.

Whether the officer may is checked by `Casework`; here stands what an act does, and what must stand before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.db import Tx
from bot.errors import Conflict, InvalidInput
from bot.knowledge import Knowledge
from bot.tickets import deadlines, review, store
from bot.tickets.clockwork import ANSWERED_ANEW, FOLLOW_UP, Clockwork
from bot.tickets.grading import resumed
from bot.tickets.missed import RESULT, Missed
from bot.tickets.model import Case, CaseEvent, CaseState, Kind, check_move, spoken
from bot.tickets.opening import Officers
from bot.tickets.overtaken import AGREED, overtake
from bot.tickets.recusal import Officer, check_given
from bot.tickets.recused import kept_from
from bot.tickets.surveying import Surveying
from bot.tickets.telling import FACTS_SHOWN, PERSON, Telling

PARTS = ("basics", "handling", "satisfaction", "improvement")  # of the result (000-76)


class Steps:
    def __init__(
        self,
        knowledge: Knowledge,
        clockwork: Clockwork,
        telling: Telling,
        surveying: Surveying,
        missed: Missed,
        officers: Officers,
    ) -> None:
        self.knowledge = knowledge
        self.clockwork = clockwork
        self.telling = telling
        self.surveying = surveying
        self.missed = missed
        self.officers = officers

    # acceptance, owner (首问负责)

    def accept(self, tx: Tx, case: Case, officer: Officer, at: datetime) -> Case:
        """The first who takes it up answers for it until the end (000-12)."""
        case = self._move(tx, replace(case, owner_user=officer.username), case, CaseState.ACCEPTED, officer, at)
        self._tell_node(tx, case, "case_accepted", at, respond=spoken(case.respond_by))
        return case

    def assign(
        self, tx: Tx, case: Case, officer: Officer, at: datetime, to: str, department: str = "", note: str = ""
    ) -> Case:
        """Who works on it from now on: himself, a colleague, or (`to` is empty) a department whose lead takes it."""
        check_given(case, to, self.officers(tx), kept_from(tx, to))
        if department and department not in self.knowledge.complaints.departments:
            raise InvalidInput("no such department", field="department")
        after = replace(case, owner_user=to or case.owner_user, owner_queue=department or case.owner_queue)
        detail = {"to": to, "department": department, "note": note}
        former = case.owner_user
        if case.state in (CaseState.ACCEPTED, CaseState.REOPENED):
            case = self._move(tx, after, case, CaseState.ASSIGNED, officer, at, detail)
        else:
            case = store.change_case(tx, case, after, CaseEvent(at, officer.username, "passed_on", detail))
        self._hand_on_tasks(tx, case, former)
        self._tell_node(tx, case, "case_assigned", at, key=f"v{case.version}")
        return case

    def take(self, tx: Tx, case: Case, officer: Officer, at: datetime) -> Case:
        """Both in one: accepted, and his own. Raises Conflict that names who was faster."""
        if case.kind is Kind.CALLBACK:
            return self._move(tx, replace(case, owner_user=officer.username), case, CaseState.ASSIGNED, officer, at)
        if case.state not in (CaseState.NEW, CaseState.ACCEPTED, CaseState.REOPENED):
            raise Conflict(phrase="problem_case_taken", holder=case.owner_user)
        if case.state is CaseState.NEW:
            case = self.accept(tx, case, officer, at)
        return self.assign(tx, case, officer, at, to=officer.username)

    def investigate(self, tx: Tx, case: Case, officer: Officer, at: datetime, note: str = "") -> Case:
        case = self._move(tx, case, case, CaseState.INVESTIGATING, officer, at, {"note": note})
        self._tell_node(tx, case, "case_investigating", at, key=f"v{case.version}")
        return case

    def note(self, tx: Tx, case: Case, officer: Officer, at: datetime, text: str) -> Case:
        """An entry of the investigation (001-16)."""
        return store.change_case(tx, case, case, CaseEvent(at, officer.username, "note", {"text": text}))

    def called_back(self, tx: Tx, case: Case, officer: Officer, at: datetime, note: str) -> Case:
        """The customer was called: a callback is over. Raises Conflict for a complaint, which has steps to go."""
        if case.kind is not Kind.CALLBACK:
            raise Conflict(phrase="problem_case_no_callback")
        case = self._move(tx, case, case, CaseState.CLOSED, officer, at, {"note": note})
        self.missed.met(tx, case, at, officer.username, "resolution")
        return case

    # first response, proposal, result

    def respond(
        self, tx: Tx, case: Case, officer: Officer, at: datetime, analysis: str, solution: str = "", **said: Any
    ) -> Case:
        """The first response in its four parts: recorded, first analysis, how it goes on and until when, solution."""
        if case.state in (CaseState.NEW, CaseState.RESOLVED, CaseState.CLOSED, CaseState.WITHDRAWN):
            raise Conflict(phrase="problem_case_step")
        values = {"facts": case.facts[:FACTS_SHOWN], "analysis": analysis, "due": spoken(case.due_at)}
        phrase = "case_first_response_solution" if solution else "case_first_response"
        values |= {"solution": solution} if solution else {}
        text, choices = self.knowledge.phrase(phrase, number=case.number, **values)
        way = self.telling.words(tx, case, text, officer, at, template=phrase, choices=choices, **said)
        event = CaseEvent(at, officer.username, "responded", {"text": text, "way": way})
        case = store.change_case(tx, case, case, event)
        if way != PERSON:
            self.missed.known(tx, case, phrase, at, officer.username)
        return case

    def propose(self, tx: Tx, case: Case, officer: Officer, at: datetime, text: str, **said: Any) -> Case:
        """What we offer the customer, who is asked whether he agrees (001-17)."""
        proposal = {"text": text, "at": at.isoformat(), "agreed": None}
        case = self._move(tx, replace(case, proposal=proposal), case, CaseState.PROPOSED, officer, at, {"text": text})
        words, choices = self.knowledge.phrase("case_proposal", number=case.number, text=text)
        self.telling.words(tx, case, words, officer, at, template="case_proposal", choices=choices, **said)
        return case

    def agreed(
        self, tx: Tx, case: Case, actor: str, at: datetime, agreed: bool, note: str = "", how: str = "chat"
    ) -> Case:
        """The customer's answer to the proposal. A no leads back to the investigation. Raises Conflict."""
        if case.state is not CaseState.PROPOSED or case.proposal is None:
            raise Conflict(phrase="problem_case_step")
        after = replace(case, proposal={**case.proposal, "agreed": agreed})
        overtake(tx, self.knowledge, case, AGREED, at)
        detail = {"agreed": agreed, "note": note, "how": how}
        if agreed:
            return store.change_case(tx, case, after, CaseEvent(at, actor, "agreed", detail))
        check_move(case.kind, case.state, CaseState.INVESTIGATING)
        return store.change_case(
            tx, case, replace(after, state=CaseState.INVESTIGATING), CaseEvent(at, actor, "not_agreed", detail)
        )

    def resolve(
        self,
        tx: Tx,
        case: Case,
        officer: Officer,
        at: datetime,
        basics: str,
        handling: str,
        reasons: str,
        satisfaction: str = "",
        improvement: str = "",
        root_cause: str = "",
        **said: Any,
    ) -> Case:
        """Settled, with reasons; the customer is told at once, and how he can have it reviewed (L1, 001-19, 001-20)."""
        cause = root_cause or case.root_cause
        if case.repeat and not cause:
            raise InvalidInput("a repetition needs one", phrase="problem_case_root_cause", field="root_cause")
        result = {
            "basics": basics,
            "handling": handling,
            "reasons": reasons,
            "satisfaction": satisfaction,
            "improvement": improvement,
        }
        case = self._going_on(tx, case, officer.username, at)
        after = replace(case, result=result, root_cause=cause)
        case = self._move(tx, after, case, CaseState.RESOLVED, officer, at, result)
        self.missed.met(tx, case, at, officer.username, "resolution")
        self._stop(tx, case, at, "settled", "first_response", deadlines.PROGRESS)
        self.clockwork.follow_up(tx, case, at)
        text, choices = self.knowledge.phrase(
            RESULT, number=case.number, basics=basics, handling=handling, reasons=reasons
        )
        way = self.telling.words(tx, case, text, officer, at, template=RESULT, choices=choices, **said)
        if way != PERSON:
            self.missed.known(tx, case, RESULT, at, officer.username)
        return store.case(tx, case.number)

    def told(
        self, tx: Tx, case: Case, officer: Officer, at: datetime, how: str, note: str = "", what: str = ""
    ) -> Case:
        """A person has told the customer what was waiting for it: `what`, else the result, else the only thing.

        Raises InvalidInput: several wait, or not this one.
        """
        waiting = deadlines.running(tx, case.number, "tell")
        names = {str(task.detail.get("what")) for task in waiting}
        if not what:
            what = RESULT if RESULT in names else names.pop() if len(names) == 1 else "" if names else "case"
        tasks = [task for task in waiting if task.detail.get("what") == what]
        if not tasks and (names or what != "case"):
            raise InvalidInput("nothing of that name waits", phrase="problem_case_told", field="what")
        event = CaseEvent(at, officer.username, "told", {"what": what, "way": how, "note": note})
        case = store.change_case(tx, case, case, event)
        for task in tasks:
            self.missed.told(tx, case, task, at, officer.username, note=note)
        return case

    def report(self, tx: Tx, case: Case, officer: Officer, at: datetime, **said: Any) -> Case:
        """The written report in four parts (000-75, 000-76)."""
        result = case.result
        if result is None:
            raise Conflict(phrase="problem_case_step")
        nothing = self.knowledge.phrase("case_nothing")[0]
        parts = {part: result[part] or nothing for part in PARTS}
        text, choices = self.knowledge.phrase("case_report", number=case.number, reasons=result["reasons"], **parts)
        way = self.telling.words(tx, case, text, officer, at, template="case_report", choices=choices, **said)
        event = CaseEvent(at, officer.username, "reported", {"text": text, "way": way})
        case = store.change_case(tx, case, case, event)
        if way != PERSON:
            self.missed.known(tx, case, "case_report", at, officer.username)
        return case

    # the end, and after it

    def close(self, tx: Tx, case: Case, officer: Officer, at: datetime, note: str = "") -> Case:
        """The file is closed; visit and confirmation still come. Only when the customer knows the result (000-03)."""
        check_move(case.kind, case.state, CaseState.CLOSED)
        if deadlines.running(tx, case.number, "result_notice"):
            raise Conflict(phrase="problem_case_not_told")
        case = self._move(tx, case, case, CaseState.CLOSED, officer, at, {"note": note})
        self.telling.phrase(tx, case, "case_closed", at)
        self.surveying.ask(tx, case, at)
        return case

    def withdraw(self, tx: Tx, case: Case, actor: str, at: datetime, reason: str = "") -> Case:
        """The customer takes it back: the procedure ends the same day (L1a)."""
        check_move(case.kind, case.state, CaseState.WITHDRAWN)
        event = CaseEvent(at, actor, "withdrawn", {"reason": reason})
        case = self._going_on(tx, case, actor, at)
        case = store.change_case(tx, case, replace(case, state=CaseState.WITHDRAWN), event)
        self._stop(tx, case, at, "withdrawn")
        self._stop(tx, case, at, "withdrawn")  # and what came of the first: nothing is left to do
        self.telling.phrase(tx, case, "case_withdrawn", at)
        return case

    def appeal(self, tx: Tx, case: Case, actor: str, at: datetime, reason: str = "") -> Case:
        """Reviewed anew, with clocks of its own (001-20). It is never refused for being late, only marked."""
        check_move(case.kind, case.state, CaseState.REOPENED)
        due = self.clockwork.due(at, case.severity, case.facts)
        settled = max((d.starts_at for d in deadlines.of_case(tx, case.number) if d.kind == "report"), default=at)
        late = (at - settled).days > self.knowledge.complaints.appeal_calendar_days
        self._stop(tx, case, at, "appeal", *FOLLOW_UP, *ANSWERED_ANEW)
        after = replace(
            case,
            state=CaseState.REOPENED,
            owner_user=None,  # nobody reviews his own decision
            round=case.round + 1,
            respond_by=due.respond_by,
            due_at=due.due_at,
            provisional=due.provisional,
            cap_days=self.knowledge.complaints.cap_calendar_days,
            proposal=None,
            result=None,  # the former one stands in the history
        )
        detail = {"reason": reason, "late": late, "due": due.due_at.isoformat()}
        review.leave(tx, case, actor, at)
        former = case.owner_user
        case = store.change_case(tx, case, after, CaseEvent(at, actor, "reopened", detail))
        self._hand_on_tasks(tx, case, former)
        self.clockwork.begin(tx, case, due, at)
        dates = {"respond": spoken(case.respond_by), "due": spoken(case.due_at)}
        self.telling.phrase(tx, case, "case_reopened", at, owner=case.owner_queue, **dates)
        return case

    # inside

    def _move(
        self, tx: Tx, after: Case, before: Case, to: CaseState, officer: Officer, at: datetime,
        detail: Mapping[str, Any] | None = None,
    ) -> Case:  # fmt: skip
        """One step of the procedure. Raises Conflict: none may be skipped (002-11)."""
        check_move(before.kind, before.state, to)
        event = CaseEvent(at, officer.username, to.value.lower(), {k: v for k, v in (detail or {}).items() if v != ""})
        return store.change_case(tx, before, replace(after, state=to), event)

    def _going_on(self, tx: Tx, case: Case, actor: str, at: datetime) -> Case:
        """Whoever ends it does not wait for the customer any more."""
        return case if self.clockwork.paused(tx, case.number) is None else resumed(tx, self.clockwork, case, actor, at)

    def _stop(self, tx: Tx, case: Case, at: datetime, why: str, *kinds: str) -> None:
        for late in self.clockwork.stop(tx, case, at, why, *kinds):
            self.missed.record(tx, case, late, at)

    def _tell_node(self, tx: Tx, case: Case, phrase: str, at: datetime, key: str = "", **values: str) -> None:
        """受理, 转办, 处理中 (001-18)."""
        owner = self.officers(tx).get(case.owner_user or "", "")
        named = f"{case.owner_queue} {owner}".strip()
        self.telling.phrase(tx, case, phrase, at, key=key, owner=named, due=spoken(case.due_at), **values)

    def _hand_on_tasks(self, tx: Tx, case: Case, former: str | None) -> None:
        """The owner's own, with what was promised in a visit; what others have to do stays with them."""
        for task in deadlines.running(tx, case.number):
            owners = task.kind == "feedback" or self.knowledge.complaints.clock(task.kind).role == "owner"
            if task.task and owners and task.person in (None, former) and task.kind not in ("subtask", "promise"):
                deadlines.reschedule(tx, task, person=case.owner_user)
