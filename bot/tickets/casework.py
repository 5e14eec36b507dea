"""The officers' side of cases: who may do what, one transaction for each act, and what the worker looks after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.conversation import store as log
from bot.conversation.model import Conversation
from bot.conversation.service import Conversations
from bot.conversation.survey.links import Links
from bot.db import Tx
from bot.errors import Conflict, Forbidden, NotFound
from bot.notices import Notices
from bot.notices.model import Notice
from bot.tickets import acts, deadlines, overtaken, recusal, review, settling, store, work
from bot.tickets.aftercare import Aftercare
from bot.tickets.clocks import sla_of
from bot.tickets.correcting import Correcting
from bot.tickets.grading import Grading
from bot.tickets.missed import Missed
from bot.tickets.model import Case, CaseEvent, CaseState, Kind, Severity
from bot.tickets.opening import Officers
from bot.tickets.recusal import Officer
from bot.tickets.recused import kept_from
from bot.tickets.returning import Returning
from bot.tickets.service import Tickets
from bot.tickets.settling import InRole
from bot.tickets.steps import Steps
from bot.tickets.surveying import Surveying
from bot.tickets.telling import Telling
from bot.tickets.watching import Watching
from bot.wakeups import DESK


class Casework:
    def __init__(
        self,
        tickets: Tickets,
        conversations: Conversations,
        notices: Notices,
        links: Links,
        officers: Officers,
        in_role: InRole,
    ) -> None:
        self.in_role = in_role
        self.tickets = tickets
        self.conversations = conversations
        self.db, self.clock, self.vault = tickets.db, tickets.clock, tickets.vault
        self.knowledge, self.clockwork, self.officers = tickets.knowledge, tickets.clockwork, officers
        self.telling = Telling(conversations, notices, self.vault, self.clockwork)
        self.missed = Missed(self.knowledge, self.clockwork, self.telling)
        self.surveying = Surveying(self.telling, self.clockwork, tickets.opening, links)
        self.steps = Steps(self.knowledge, self.clockwork, self.telling, self.surveying, self.missed, officers)
        self.grading = Grading(self.knowledge, self.clockwork, self.telling, self.missed, tickets.opening)
        self.aftercare = Aftercare(self.knowledge, self.clockwork, self.telling, self.missed, officers)
        self.watching = Watching(
            self.db, self.clock, self.knowledge, self.clockwork, self.missed, conversations.wakeups
        )
        conversations.on_wrote.append(Returning(self.telling, self.missed).wrote)
        notices.on_failed.append(self._notice_failed)
        tickets.on_joined.append(self._joined_elsewhere)
        self._acts: Mapping[str, Callable[..., Case]] = {
            **{name: getattr(self.steps, name) for name in acts.STATES if hasattr(self.steps, name)},
            **{name: getattr(self.grading, name) for name in acts.STATES if hasattr(self.grading, name)},
            "accept": self._accept,
            "take": self._take,
            "assign": self._assign,
            "agreed": self._agreed,
            "resolve": self._resolve,
            "severity": self._severity,
            "withdraw": self._withdraw,
            "appeal": self._appeal,
            "subtask": self.aftercare.subtask,
            "promise": self._promise,
            "correct": Correcting(self.telling).correct,
            "done": self._done,
        }

    def tick(self) -> int:
        return self.watching.tick()

    # acts

    def act(self, officer: Officer, number: str, name: str, version: int | None, values: Mapping[str, Any]) -> Case:
        """One act on one case. Raises NotFound (also for what he may not see), Forbidden, Conflict (changed meanwhile,
        or not now), InvalidInput, RefusedByGuard."""
        with self.working(officer, number) as (tx, case, conversation):
            if not recusal.may_work(officer, case, conversation.holder) and name not in acts.QUALITY:
                raise Forbidden(phrase="problem_case_role")
            if case.kind is Kind.CALLBACK and name not in acts.CALLBACK:
                raise Conflict(phrase="problem_case_step")
            if version is not None and version != case.version:
                raise Conflict(phrase="problem_case_changed")
            if name in acts.ROLES and not officer.has(*acts.ROLES[name]):
                raise Forbidden(phrase="problem_case_role")
            if name in acts.STATES and case.state not in acts.STATES[name]:
                taken = name == "take" and case.owner_user is not None
                raise Conflict(phrase="problem_case_taken" if taken else "problem_case_step", holder=case.owner_user)
            if name in review.DECIDING:
                review.check_hand(tx, case, officer, self.tickets.opening.doubted(tx, case))
            done = self._acts[name](tx, case, officer, self.clock.now(), **values)
            self._heard(tx, case, officer, name, {**(case.result or {}), **values})
            return done

    def allowed(self, tx: Tx, officer: Officer, case: Case, holder: str | None) -> list[str]:
        """What he may do to it now, in the order of the way."""
        if case.kind is Kind.CALLBACK:
            ways = [] if case.ended else ["take", "done"] if case.state is CaseState.NEW else ["done"]
            return [*ways, *(["contact"] if ways else [])]
        works = recusal.may_work(officer, case, holder)
        if not works and officer.username in self._helpers(tx, case.number, but=acts.ASIDE):
            return ["contact"] if case.contact is not None and case.contact.ref is not None else []
        if not (works or officer.has("quality")):
            return []
        paused = self.clockwork.paused(tx, case.number) is not None
        hidden = {"pause"} if paused else {"resume"}
        if not deadlines.running(tx, case.number, "quality"):
            hidden.add("quality")
        if not works:
            hidden |= set(acts.STATES) - set(acts.QUALITY)
        found = [
            name
            for name, states in acts.STATES.items()
            if case.state in states
            and name not in hidden
            and (name not in acts.ROLES or officer.has(*acts.ROLES[name]))
        ]
        reachable = case.contact is not None and case.contact.ref is not None
        return [*found, "contact"] if reachable and works else found

    @contextmanager
    def working(self, officer: Officer, number: str) -> Iterator[tuple[Tx, Case, Conversation]]:
        """The case and the customer's conversation, locked. Who watches is woken after the commit."""
        with self.db.transaction() as tx:
            case = store.for_act(tx, number)
            conversation = log.get(tx, case.conversation_id)
            helpers = self._helpers(tx, number)
            if not recusal.may_see(officer, case, kept_from(tx, officer.username), conversation.holder, helpers):
                raise NotFound("no such case")
            works = recusal.may_work(officer, case, conversation.holder) or officer.username in helpers
            if not (works or officer.has("quality")):
                raise Forbidden(phrase="problem_case_role")
            yield tx, case, conversation
        self.conversations.wakeups.notify(conversation.id, DESK)

    def seen(self, tx: Tx, officer: Officer, number: str) -> tuple[Case, Conversation]:
        """For reading. Raises NotFound for what he may not see: as if it were not there."""
        case = store.case(tx, number)
        conversation = log.get(tx, case.conversation_id)
        kept, helpers = kept_from(tx, officer.username), self._helpers(tx, number)
        if not recusal.may_see(officer, case, kept, conversation.holder, helpers):
            raise NotFound("no such case")
        return case, conversation

    def reveal_contact(self, officer: Officer, number: str) -> str | None:
        """How to reach the customer, in the clear; None where it is in this chat. On record twice (000-58, 000-79).

        Raises Conflict (it is over, and nothing is left to do for it), Destroyed.
        """
        with self.working(officer, number) as (tx, case, conversation):
            calls = officer.username in self._helpers(tx, number, but=acts.ASIDE)
            if not (calls or recusal.may_work(officer, case, conversation.holder)):
                raise Forbidden(phrase="problem_case_role")
            if case.ended and not deadlines.running(tx, number):
                raise Conflict(phrase="problem_case_ended")
            refs = work.contact_refs(case, self.vault.values(tx, case.conversation_id))
            if not refs:
                return None
            now = self.clock.now()
            event = CaseEvent(now, officer.username, "contact_read", {"refs": list(refs)})
            store.add_event(tx, number, event)
            return " ".join(self.vault.reveal(tx, ref, officer.username, f"contact of {number}", now) for ref in refs)

    def said(self, tx: Tx, officer: Officer, conversation_id: str, seq: int, text: str) -> None:
        """An agent has said something to a customer: what he promises becomes a task (002-03)."""
        key = f"{conversation_id}/{seq}"
        self.aftercare.heard(tx, officer, self.clock.now(), text, key=key, conversation_id=conversation_id)

    # inside

    def _heard(self, tx: Tx, case: Case, officer: Officer, name: str, words: Mapping[str, Any]) -> None:
        """Only what he has typed: the customer's story and the bank's own sentences stand around it (002-03)."""
        typed = "\n".join(str(words[field]) for field in acts.HIS_WORDS.get(name, ()) if words.get(field))
        key = f"{case.number}/{case.version}/{name}"
        self.aftercare.heard(tx, officer, self.clock.now(), typed, key=key, case=case)

    def _helpers(self, tx: Tx, number: str, but: tuple[str, ...] = ()) -> set[str]:
        """Who has a task in it."""
        return {d.person for d in deadlines.running(tx, number) if d.person and d.kind not in but}

    def _check_owner(self, tx: Tx, case: Case, officer: Officer, to: str) -> None:
        review.check_owner(tx, case, officer, to, self.officers(tx), self.tickets.opening.doubted(tx, case))

    def _accept(self, tx: Tx, case: Case, officer: Officer, at: datetime) -> Case:
        self._check_owner(tx, case, officer, officer.username)
        return self.steps.accept(tx, case, officer, at)

    def _take(self, tx: Tx, case: Case, officer: Officer, at: datetime) -> Case:
        self._check_owner(tx, case, officer, officer.username)
        return self.steps.take(tx, case, officer, at)

    def _assign(
        self, tx: Tx, case: Case, officer: Officer, at: datetime, to: str = "", department: str = "", note: str = ""
    ) -> Case:
        to = to or ("" if department else officer.username)
        self._check_owner(tx, case, officer, to)
        return self.steps.assign(tx, case, officer, at, to, department, note)

    def _agreed(self, tx: Tx, case: Case, officer: Officer, at: datetime, agreed: bool, note: str = "") -> Case:
        return self.steps.agreed(tx, case, officer.username, at, agreed, note, how="officer")

    def _resolve(self, tx: Tx, case: Case, officer: Officer, at: datetime, no_agreement: str = "", **said: Any) -> Case:
        self._check_lead(tx, case, officer)
        settling.check_agreement(tx, case, officer, at, no_agreement)
        return self.steps.resolve(tx, case, officer, at, **said)

    def _severity(self, tx: Tx, case: Case, officer: Officer, at: datetime, severity: str, reason: str) -> Case:
        """Who may not settle it makes it no less grave either."""
        if Severity(severity).rank < case.severity.rank:
            review.check_hand(tx, case, officer, self.tickets.opening.doubted(tx, case))
            self._check_lead(tx, case, officer)
        return self.grading.severity(tx, case, officer, at, severity, reason)

    def _check_lead(self, tx: Tx, case: Case, officer: Officer) -> None:
        role = sla_of(case.severity, self.knowledge.complaints).settled_by
        settling.check_lead(tx, case, officer, role, self.in_role, self.tickets.opening.doubted(tx, case))

    def _withdraw(self, tx: Tx, case: Case, officer: Officer, at: datetime, reason: str) -> Case:
        return self.steps.withdraw(tx, case, officer.username, at, reason)

    def _appeal(self, tx: Tx, case: Case, officer: Officer, at: datetime, reason: str) -> Case:
        return self.steps.appeal(tx, case, officer.username, at, reason)

    def _promise(self, tx: Tx, case: Case, officer: Officer, at: datetime, text: str, due_at: datetime) -> Case:
        key = f"{case.number}/{case.version}"
        self.aftercare.promise(tx, officer, at, text, due_at, key=key, case=case)
        return case

    def _done(self, tx: Tx, case: Case, officer: Officer, at: datetime, note: str) -> Case:
        """A callback is over; the conversation that waited for it ends with the last one."""
        case = self.steps.called_back(tx, case, officer, at, note)
        left = [c for c in store.cases_in(tx, [case.conversation_id]) if c.kind is Kind.CALLBACK and not c.ended]
        if not left:
            self.conversations.called_back(tx, case.conversation_id)
        return case

    def _joined_elsewhere(self, tx: Tx, case: Case, seq: int) -> None:
        """The receipt goes to the contact of the case itself, whoever named it in some chat."""
        phrase, key = "complaint_joined_same_contact", f"joined/{case.version}"
        self.telling.by_notice(tx, case, phrase, self.clock.now(), key=key, **case.promised)

    def _notice_failed(self, tx: Tx, notice: Notice) -> None:
        """The gateway has given up: a person tells the customer, who does not know it yet."""
        about, now = notice.about, self.clock.now()
        if "survey" in about:
            self.surveying.not_delivered(tx, notice, now)
        elif "case" in about:
            case = store.for_act(tx, about["case"])
            said_in = replace(case, round=about.get("round", case.round))
            if overtaken.fits(case, about["template"], said_in.round):
                self.telling.person_tells(tx, said_in, about["text"], about["template"], f"failed/{notice.id}", now)
                if said_in.round == case.round and case.state is not CaseState.WITHDRAWN:
                    self.missed.unknown(tx, case, about["template"], now)
            store.add_event(tx, case.number, CaseEvent(now, "system", "notice_failed", {"what": about["template"]}))
