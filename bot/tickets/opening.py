"""A complaint becomes a case, wherever it came from; or part of the one that the same matter has already (001-10).

In the caller's transaction. A case always opens: nothing missing or uncertain keeps it from its number and date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.conversation import store as log
from bot.conversation.model import Conversation
from bot.db import Tx
from bot.knowledge import Knowledge
from bot.privacy.vault import Vault
from bot.tickets import alerts, classify, giving_back, progress, recusal, repeats, store
from bot.tickets.alerts import Alert
from bot.tickets.clocks import sla_of
from bot.tickets.clockwork import Clockwork
from bot.tickets.contacts import same_contact
from bot.tickets.model import Case, CaseEvent, CaseState, Contact, Fields, Kind, Severity, spoken
from bot.tickets.recusal import Meant
from bot.tickets.recused import kept_from
from bot.tickets.severity import severity_of
from bot.tickets.store import SAME, SAME_CONTACT, SAME_CUSTOMER

Officers = Callable[[Tx], Mapping[str, str]]  # username -> the name that customers see


@dataclass(frozen=True)
class Told:
    """What somebody complains about. `severity`: what an officer says of it; the rules may only find it graver."""

    facts: str
    contact: Contact | None
    fields: Fields = field(default_factory=Fields)
    received_at: datetime | None = None
    severity: Severity | None = None
    actor: str = "bot"
    group: bool = False  # 群体投诉


@dataclass(frozen=True)
class Opened:
    """`why` it became part of a case that was there: SAME_CONTACT or SAME_CUSTOMER; empty for a case of its own."""

    case: Case
    why: str = ""

    @property
    def joined(self) -> bool:
        return bool(self.why)


class Opening:
    def __init__(self, clockwork: Clockwork, knowledge: Knowledge, vault: Vault, officers: Officers) -> None:
        self.clockwork = clockwork
        self.knowledge = knowledge
        self.vault = vault
        self.officers = officers

    def open(self, tx: Tx, conversation: Conversation, seq: int, told: Told, at: datetime) -> Opened:
        """The same message opens one case only."""
        found = store.case_from(tx, conversation.id, seq, Kind.COMPLAINT)
        if found is not None:
            return Opened(found)
        chain = log.chain_of(tx, conversation)
        refs = same_contact(tx, self.vault, told.contact, conversation.id, at)
        since = repeats.window(at, self.knowledge.complaints.repeat_within_days)
        earlier = store.complaints_since(tx, since, chain, refs)
        former = repeats.former(told.facts, earlier)
        if former is not None and self._is_told_twice(tx, former, conversation, told):
            own = former.conversation_id in chain
            return self._join(tx, former, conversation, seq, told, at, SAME_CUSTOMER if own else SAME_CONTACT)
        case = self._case(tx, conversation, seq, told, former or self._of_one_kind(told, earlier), at)
        store.add_case(tx, case, told.actor)
        self._keep_contact(tx, case.number, told.contact)
        self.clockwork.begin(tx, case, self.clockwork.due(case.since, case.severity, case.facts), at)
        self._tell_staff(tx, case, at)
        return Opened(case)

    def earlier(self, tx: Tx, case: Case, officer: str) -> list[Case]:
        """The customer's complaints of before that a repetition may go back to, newest first; none of those that are
        kept from the officer."""
        chain = log.chain_of(tx, log.get(tx, case.conversation_id))
        ref = case.contact.ref if case.contact else None
        refs = {same.id for same in self.vault.same(tx, ref)} if ref else set()
        since = repeats.window(case.opened_at, self.knowledge.complaints.repeat_within_days)
        found = store.complaints_since(tx, since, chain, refs)
        before = [one for one in found if one.number != case.number and one.opened_at <= case.opened_at]
        kept = kept_from(tx, officer) if before else set()
        return [one for one in before if one.conversation_id not in kept]

    def _of_one_kind(self, told: Told, earlier: Sequence[Case]) -> Case | None:
        """Worded otherwise it is linked as a repetition, but never taken for the very same report."""
        axes = self.knowledge.complaints.axes
        usual = {str(axis.id): str(axis.values[0].id) for axis in axes}
        return repeats.alike(classify.propose(told.facts, axes), earlier, usual)

    def _is_told_twice(self, tx: Tx, former: Case, conversation: Conversation, told: Told) -> bool:
        """By another channel; or by an officer, from the very chat in which the customer has opened it. From whom it is
        kept adds nothing to it: what he enters is a case of its own."""
        if former.result is not None or former.ended or former.conversation_id in kept_from(tx, told.actor):
            return False
        by_officer = told.actor != "bot" and former.conversation_id == conversation.id
        return by_officer or former.channel != conversation.channel

    def callback(self, tx: Tx, case: Case, at: datetime) -> None:
        store.add_case(tx, case, "bot")
        self._keep_contact(tx, case.number, case.contact)
        self.clockwork.begin(tx, case, self.clockwork.due(at, case.severity, ""), at)

    def _case(
        self, tx: Tx, conversation: Conversation, seq: int, told: Told, former: Case | None, at: datetime
    ) -> Case:
        rules = self.knowledge.complaints
        severity = self._severity(told)
        since = told.received_at or at
        due = self.clockwork.due(since, severity, told.facts)
        classes = classify.propose(told.facts, rules.axes)
        return Case(
            number=store.next_number(tx, Kind.COMPLAINT, at),
            kind=Kind.COMPLAINT,
            state=CaseState.NEW,
            severity=severity,
            repeat_of=former.number if former else None,
            owner_queue=sla_of(severity, rules).owner_queue,
            conversation_id=conversation.id,
            source_seq=seq,
            opened_at=at,
            updated_at=at,
            respond_by=due.respond_by,
            due_at=due.due_at,
            provisional=due.provisional,
            profile=rules.profile,
            facts=told.facts,
            contact=told.contact,
            reason=None,
            channel=conversation.channel,
            received_at=told.received_at,
            accused=tuple(dict.fromkeys([*self.accused(tx, conversation, told.facts, classes), *_of(former)])),
            fields=told.fields,
            classes=classes,
            group=told.group or bool(told.fields.representatives),
            cap_days=rules.cap_calendar_days,
        )

    def _join(
        self, tx: Tx, case: Case, conversation: Conversation, seq: int, told: Told, at: datetime, why: str
    ) -> Opened:
        """What is told once more is kept whole; it may make the case graver, never less."""
        case = store.case(tx, case.number, lock=True)
        ref = told.contact.ref if told.contact else None
        if not store.link(tx, case.number, conversation.id, seq, ref, at, why):
            return Opened(case, why)
        self._keep_contact(tx, case.number, told.contact)
        severity = max(case.severity, self._severity(told), key=lambda one: one.rank)
        chats = (conversation, log.get(tx, case.conversation_id))
        found = dict.fromkeys(user for chat in chats for user in self.accused(tx, chat, told.facts, case.classes))
        about = [user for user in found if user not in case.accused]
        known = {name: value for name, value in vars(case.fields).items() if value}
        after = replace(
            case,
            severity=severity,
            contact=case.contact or told.contact,
            fields=replace(told.fields, **known),
            group=case.group or told.group or bool(told.fields.representatives),
            received_at=min(case.since, told.received_at or case.since),
        )
        if severity is not case.severity or after.since < case.since:
            respond_by, due_at = self.clockwork.sooner(tx, after, severity, at)
            queue = sla_of(severity, self.knowledge.complaints).owner_queue
            after = replace(after, respond_by=respond_by, due_at=due_at, owner_queue=queue)
        if severity is not case.severity:
            progress.sooner(tx, self.clockwork, after, at)
            self.escalate(tx, after, at, "graver", "supervisor")
        detail = {"channel": conversation.channel, "facts": told.facts, "why": why, "severity": severity.value}
        case = store.change_case(tx, case, after, CaseEvent(at, told.actor, "joined", detail))
        if about:
            case = self.recuse(tx, case, (*case.accused, *about), told.actor, at, told.facts)
        if self._meant(told.facts, case.classes) is Meant.UNSURE and case.owner_user in self._spoke_of(tx, case):
            case = giving_back.give_back(tx, self.knowledge, case, told.actor, at, "alert_unsure")
        return Opened(case, why)

    def escalate(self, tx: Tx, case: Case, at: datetime, kind: str, *roles: str) -> None:
        """Whom complaints.yml names for so grave a case knows of it at once (000-72, 001-12). `roles`: who else."""
        values = {"number": case.number, "severity": case.severity.value, "due": spoken(case.due_at)}
        text = self._words(f"alert_{kind}", **values)
        for role in dict.fromkeys([*roles, *sla_of(case.severity, self.knowledge.complaints).alert]):
            person = case.owner_user if role == "owner" else None
            key = f"{kind}/{case.number}/{case.version}/{role}"
            alerts.give(tx, Alert(key, kind, role, text, case.number, person=person), at)

    def recuse(self, tx: Tx, case: Case, usernames: Sequence[str], actor: str, at: datetime, reason: str) -> Case:
        """Whom it is about: they lose sight of it at once, and what they had of it goes back (L1). What else they have
        of this customer's goes back when the worker looks."""
        owner = None if case.owner_user in usernames else case.owner_user
        lost = owner != case.owner_user
        after = replace(case, accused=tuple(usernames), owner_user=owner)
        detail = {"usernames": list(usernames), "reason": reason}
        case = store.change_case(tx, case, after, CaseEvent(at, actor, "recused", detail))
        giving_back.hand_on(tx, case, usernames)
        if lost:
            giving_back.warn(tx, self.knowledge, case, at)
        return case

    def accused(self, tx: Tx, conversation: Conversation, facts: str, classes: Mapping[str, str]) -> tuple[str, ...]:
        """Whom this is about."""
        here = self._meant(facts, classes) is Meant.HERE
        return recusal.accused(facts, self.officers(tx), self._spoke(tx, conversation) if here else (), here)

    def doubted(self, tx: Tx, case: Case) -> Sequence[str]:
        """Who talked with him and may be meant, though the words do not say so, also when it was told again: none of
        them makes it his own."""
        again = (event.detail["facts"] for event in store.events_of(tx, case.number) if event.action == "joined")
        unsure = (self._meant(facts, case.classes) is Meant.UNSURE for facts in (case.facts, *again))
        return self._spoke_of(tx, case) if case.kind is Kind.COMPLAINT and any(unsure) else ()

    def _meant(self, facts: str, classes: Mapping[str, str]) -> Meant:
        """Nobody who may be meant frees himself by another class: what the words propose counts as well."""
        found = {*classes.values(), *classify.propose(facts, self.knowledge.complaints.axes).values()}
        return recusal.meant(facts, "服务态度" in found, self.knowledge.complaints.meant)

    def _spoke_of(self, tx: Tx, case: Case) -> list[str]:
        """Who talked with the customer wherever he has told it."""
        told = [link.conversation_id for link in store.links_of(tx, case.number) if link.why in SAME]
        spoke = (self._spoke(tx, log.get(tx, id_)) for id_ in dict.fromkeys([case.conversation_id, *told]))
        return list(dict.fromkeys(user for users in spoke for user in users))

    def _spoke(self, tx: Tx, conversation: Conversation) -> list[str]:
        """Who called this customer back has talked with him, too."""
        chain = log.chain_of(tx, conversation)
        spoke = [user for id_ in chain for user in recusal.spoke_in(log.read(tx, id_))]
        calls = [case.number for case in store.cases_in(tx, chain) if case.kind is Kind.CALLBACK]
        return [*spoke, *(e.actor for number in calls for e in store.events_of(tx, number) if e.action == "closed")]

    def _severity(self, told: Told) -> Severity:
        found = severity_of(told.facts, self.knowledge.complaints)
        return max(found, told.severity or found, key=lambda one: one.rank)

    def _keep_contact(self, tx: Tx, number: str, contact: Contact | None) -> None:
        for ref in contact.refs if contact else ():
            self.vault.mark_used(tx, ref, number)

    def _tell_staff(self, tx: Tx, case: Case, at: datetime) -> None:
        """Who leads a grave case; the quality department (004-88); a burst of cases on one topic is a warning
        (001-02)."""
        self.escalate(tx, case, at, "grave")
        text = self._words("alert_quality", number=case.number, severity=case.severity.value)
        alerts.give(tx, Alert(f"quality/{case.number}", "quality", "quality", text, case.number), at)
        burst, axes = self.knowledge.complaints.burst, self.knowledge.complaints.axes
        topic = classify.topic(case, axes)
        if topic is None:
            return
        since = at - timedelta(hours=burst.hours)
        others = [c for c in store.opened_since(tx, since) if not c.repeat]  # three of one customer are no group
        alike = [c for c in others if classify.topic(c, axes) == topic]
        text = self._words("alert_group", topic=topic, cases=str(burst.cases), span=str(burst.hours))
        if len(alike) < burst.cases or alerts.given_since(tx, "group", text, since):
            return
        for role in ("supervisor", "head"):
            alerts.give(tx, Alert(f"group/{role}/{topic}/{at:%Y%m%d%H}", "group", role, text, case.number), at)

    def _words(self, phrase: str, **values: str) -> str:
        return self.knowledge.phrase(phrase, **values)[0]


def _of(former: Case | None) -> Sequence[str]:
    """Whom the case that is repeated is about, this one is about."""
    return former.accused if former else ()
