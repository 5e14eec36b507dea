"""What a customer does in the chat about a case that he has: how it stands, yes or no to a proposal, withdraw, appeal.

In the conversation that opened it, by itself; elsewhere by number and proof of the contact (`Proving`).
"""

from __future__ import annotations

from bot.conversation import store as log
from bot.conversation.model import Act, Event, Flow, Line, Reserved
from bot.db import Tx
from bot.errors import Conflict
from bot.tickets import store, words
from bot.tickets.about import Meant, meant
from bot.tickets.casework import Casework
from bot.tickets.missed import RESULT
from bot.tickets.model import CUSTOMER, Case, CaseState, Kind
from bot.tickets.proving import PROVING, Proving

_SETTLED = (CaseState.RESOLVED, CaseState.CLOSED)
_BARE = 12  # characters beside a case's number: more is a story in which it occurs


class Asking:
    def __init__(self, casework: Casework) -> None:
        self.casework = casework
        self.tickets = casework.tickets
        self.db, self.clock, self.vault = casework.db, casework.clock, casework.vault
        self.proofs = Proving(casework)

    def answer(self, conversation_id: str, seq: int, text: str, choice: str | None) -> list[Act]:
        """A message about cases. Played again it finds what it did, and says the same."""
        with self.db.transaction() as tx:
            log.get(tx, conversation_id, lock=True)
            own = self.tickets.cases_of(tx, conversation_id)
            everything = log.read(tx, conversation_id)
            events = _read_by_him(everything)
            wanted = words.numbers_in(text)
            if choice is not None:
                return self._act(tx, own, events, conversation_id, seq, choice)
            named = [case for case in own if case.number in wanted]
            if wanted and not named:
                return [Line("status_proof"), Flow(f"{PROVING}{min(wanted)}")]
            complaints = [case for case in named or own if case.kind is Kind.COMPLAINT]
            what = meant(text, _offered(events))
            if what in (Meant.AGREE, Meant.DISAGREE):
                return self._act(tx, complaints, events, conversation_id, seq, what.value, text)
            if asked := self._ask_first(what, complaints):
                return asked
            for case in own:
                if case.accused:
                    store.returned(tx, case, conversation_id, self.clock.now())
            read = _results(everything[len(events) :])
            return self.tickets.status(tx, own, wanted, own=True, read=read)

    def about(self, conversation_id: str, text: str) -> bool:
        """Plain words about a case: its number, or what only somebody who has one can say. No form is open."""
        if any(n.startswith(Kind.COMPLAINT.value) for n in words.numbers_in(text)) and words.substance(text) <= _BARE:
            return True
        if meant(text, {choice.value for choice in Reserved}) is None:
            return False
        with self.db.transaction() as tx:
            own = [c for c in self.tickets.cases_of(tx, conversation_id) if c.kind is Kind.COMPLAINT]
            what = meant(text, _offered(_read_by_him(log.read(tx, conversation_id))))
        if what is None or not own or self.tickets.draft(conversation_id) is not None:
            return False
        if what is Meant.PROGRESS:
            return any(not case.ended for case in own)
        return what in (Meant.WITHDRAW, Meant.APPEAL) or any(case.state is CaseState.PROPOSED for case in own)

    def keeps(self, conversation_id: str) -> bool:
        """Asked whether he takes his case back he presses no."""
        with self.db.transaction() as tx:
            return Reserved.WITHDRAW.value in _offered(_read_by_him(log.read(tx, conversation_id)))

    def _ask_first(self, what: Meant | None, complaints: list[Case]) -> list[Act]:
        """Nothing is taken back or reopened by words alone: the button does it. Empty where there is no case for it."""
        proposed = [case for case in complaints if case.state is CaseState.PROPOSED]
        living = [case for case in complaints if not case.ended]
        settled = [case for case in complaints if case.state in _SETTLED]
        if what is Meant.WITHDRAW and living:
            return [Line("case_withdraw_confirm", {"number": living[0].number})]
        if proposed and what in (Meant.VAGUE, Meant.APPEAL):
            return [Line("case_agree_ask", {"number": proposed[0].number})]
        if what is Meant.APPEAL and settled:
            return [Line("case_appeal_offer", {"number": settled[0].number})]
        return []

    def _act(
        self,
        tx: Tx,
        own: list[Case],
        events: list[Event],
        conversation_id: str,
        seq: int,
        choice: str,
        note: str = "",
    ) -> list[Act]:
        """A button, or clear words. What cannot be done any more is said, and changes nothing."""
        key = f"chat/{conversation_id}/{seq}"
        done = store.requested(tx, key)
        if done is not None:
            return self._noted(tx, store.case(tx, done.number), done.fingerprint, conversation_id)
        case = _case_for(choice, own, events)
        if case is None:
            return [Line("case_nothing_to_do")]
        if choice == Reserved.AGREE.value and case.proposal is not None and case.proposal["agreed"]:
            return self._noted(tx, case, choice, conversation_id)  # pressed once more
        steps, now = self.casework.steps, self.clock.now()
        case = store.for_act(tx, case.number)
        try:
            if choice == Reserved.WITHDRAW.value:
                case = steps.withdraw(tx, case, CUSTOMER, now)
            elif choice == Reserved.APPEAL.value:
                case = steps.appeal(tx, case, CUSTOMER, now)
            else:
                case = steps.agreed(tx, case, CUSTOMER, now, choice == Reserved.AGREE.value, note)
        except Conflict:
            return [Line("case_nothing_to_do")]
        store.keep_request(tx, key, choice, case.number, now)
        return self._noted(tx, case, choice, conversation_id)

    def _noted(self, tx: Tx, case: Case, choice: str, conversation_id: str) -> list[Act]:
        if choice == Reserved.AGREE.value:
            return [Line("case_agreed_noted", {"number": case.number})]
        if choice == Reserved.DISAGREE.value:
            return [Line("case_not_agreed_noted", {"number": case.number})]
        if case.conversation_id == conversation_id:  # a notice has said what there is to say
            return [Line("case_done")]
        return self.tickets.status(tx, [case], {case.number}, own=True)


def _read_by_him(events: list[Event]) -> list[Event]:
    """What stood there when he wrote last: what is told because he wrote is nothing that he answers."""
    wrote = max((n for n, event in enumerate(events) if event.actor.kind == "customer"), default=len(events) - 1)
    return events[: wrote + 1]


def _results(events: list[Event]) -> set[str]:
    """Numbers of the cases whose result is told in them."""
    told = [e for e in events if (e.payload.get("internal") or {}).get("phrase") == RESULT]
    return set().union(*(words.numbers_in(str(event.payload["text"])) for event in told))


def _offered(events: list[Event]) -> set[str]:
    """The buttons under what was said last."""
    last = next((event for event in reversed(events) if event.actor.kind != "customer"), None)
    return {choice["id"] for choice in (last.payload.get("choices") or () if last else ())}


def _case_for(choice: str, own: list[Case], events: list[Event]) -> Case | None:
    """The case under whose text the button stood last; else the newest for which it means something."""
    states = {
        Reserved.AGREE.value: (CaseState.PROPOSED,),
        Reserved.DISAGREE.value: (CaseState.PROPOSED,),
        Reserved.APPEAL.value: _SETTLED,
        Reserved.WITHDRAW.value: tuple(s for s in CaseState if s not in (CaseState.CLOSED, CaseState.WITHDRAWN)),
    }[choice]
    fit = [case for case in own if case.kind is Kind.COMPLAINT and case.state in states]
    for event in reversed(events):
        if event.actor.kind != "customer" and choice in _offered([event]):
            numbers = words.numbers_in(str(event.payload.get("text", "")))
            if any(case.number in numbers for case in own):
                return next((case for case in fit if case.number in numbers), None)
    return fit[0] if fit else None
