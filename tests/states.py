"""Customers, agents and the clock, each doing what it likes in whatever order: what holds after every step.

No path loses a message, leaves a customer without holder, queue or deadline, or has two holders. The machine drives
the real house; it keeps a book of what it did, and holds the house against the book.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from desk import PASSWORD, complain
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import BEIJING, FrozenClock
from bot.conversation import handovers, store, turns
from bot.conversation.model import Answer, Conversation, Event, Handover, State
from bot.conversation.service import ConversationClosed
from bot.desk.staff import PRESENCES, Agent, Session
from bot.errors import QiantaiError
from bot.tickets.recused import kept_from
from bot.wiring import House

NewHouse = Callable[[FrozenClock], House]

AGENTS = {"anna": (), "bert": (), "cleo": ("supervisor",)}
BEGINS = [datetime(2026, 11, 22, hour, minute, tzinfo=BEIJING) for hour, minute in ((12, 0), (21, 50), (23, 30))]
TEXTS = ("房贷利率是多少", "你好", "转人工", "我被骗了", "还在吗")
PRESSES = ("human", "human", "cancel", "stay", "leave_message", "solved")
CUSTOMERS = ("says", "says", "says", "presses", "presses", "presses", "repeats", "complains")
LIKELY = {
    State.QUEUED: ("claims",),
    State.OFFERED: ("claims", "claims", "declines"),
    State.HUMAN: ("sends", "sends", "transfers", "returns", "closes", "closes", "takes over"),
}
DEEDS = ("claims", "declines", "sends", "transfers", "returns", "closes", "takes over")
WISHES = ("", "queue:complaints", "senior", *(f"agent:{username}" for username in sorted(AGENTS)))
WAITS = (State.QUEUED, State.OFFERED)
WITH_AGENT = (State.HUMAN, State.WRAP_UP)

customers = st.sampled_from((0, 0, 1, 2))
agents = st.sampled_from(sorted(AGENTS))


def assistant() -> FakeAssistant:
    return FakeAssistant(
        {
            "房贷利率是多少": understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage"),
            "转人工": understood("human_agent", Handover("asked")),
            "我被骗了": understood("fraud_emergency", Answer("fraud_emergency"), Handover("urgent")),
        },
        otherwise=understood("branch_hours", Answer("branch_hours")),
    )


class Customer(Chat):
    """A customer, and what he knows that he has said: (sequence number, text, key)."""

    def __init__(self, house: House, former: str | None = None) -> None:
        super().__init__(house, assistant(), former=former)
        self.book: list[tuple[int, str, str]] = []
        self.log: list[Event] = []


class Machine(RuleBasedStateMachine):
    """`new_house` opens a house on an empty store; `again` one on the store that there is (a restart)."""

    new_house: ClassVar[NewHouse]
    again: ClassVar[NewHouse]
    steps: ClassVar[Counter[str]] = Counter()
    runs: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.clock = FrozenClock(BEGINS[0])
        self.house = type(self).new_house(self.clock)
        self.customers: list[Customer] = []
        self.old: list[Customer] = []
        self.asleep: set[str] = set()
        self.gone: set[str] = set()  # signed out, and not come back
        self.sessions: dict[str, Session] = {}
        self.replies = 0

    def teardown(self) -> None:
        self.house.db.dispose()

    # who is there

    @initialize(begins=st.sampled_from(BEGINS))
    def open(self, begins: datetime) -> None:
        self.clock.advance((begins - self.clock.now()).total_seconds())
        for username, roles in AGENTS.items():
            self.house.staff.put(username, f"坐席{username}", PASSWORD, roles)
            self.sessions[username] = self.house.staff.sign_in(username, PASSWORD)
        self.house.staff.set_presence("anna", "ready")
        self.customers = [Customer(self.house) for _ in range(3)]
        self.presses(self.customers[0], "human")

    def who(self, username: str) -> Agent:
        with self.house.db.transaction() as tx:
            return self.house.staff.get(tx, username)

    def did(self, name: str) -> None:
        type(self).steps[name] += 1

    # what happens: few rules with many deeds each, since hypothesis leaves out some rules in each run

    @rule(who=customers, deed=st.sampled_from(CUSTOMERS), number=st.integers(0, 99), answered=st.booleans())
    def customer(self, who: int, deed: str, number: int, answered: bool) -> None:
        """`answered`: the assistant is given its time; without it, more may come before the answer."""
        customer = self.customers[who]
        if deed == "says":
            self.says(who, TEXTS[number % len(TEXTS)])
        elif deed == "presses":
            self.presses(customer, PRESSES[number % len(PRESSES)])
        elif deed == "repeats":  # the network lost our answer, and his phone sends the same again
            for seq, text, key in customer.book[-1 - number % 5 :][:1]:
                self.did("customer repeats")
                assert customer.sends(text, key=key) == seq
        elif deed == "complains" and number % 4 == 0 and customer.state is not State.CLOSED:
            self.did("customer complains")
            complain(self.house, customer, sorted(AGENTS)[number % len(AGENTS)])
        if answered:
            customer.answer()
            with self.house.db.transaction() as tx:
                assert not turns.is_open(tx, customer.id)

    def says(self, who: int, text: str) -> None:
        customer = self.customers[who]
        key = f"text-{len(customer.book):06}"
        try:
            customer.book.append((customer.sends(text, key=key), text, key))
            self.did("customer says")
        except ConversationClosed:
            assert customer.state is State.CLOSED
            self.did("customer begins anew")
            self.old.append(customer)
            self.customers[who] = Customer(self.house, former=customer.id)

    def presses(self, customer: Customer, choice: str) -> None:
        try:
            customer.sends(choice=choice)
            self.did(f"customer presses {choice}")
        except ConversationClosed:
            assert customer.state is State.CLOSED

    @rule(username=agents, deed=st.sampled_from(("ready", "ready", *PRESENCES, "sleeps", "signs out")))
    def presence(self, username: str, deed: str) -> None:
        self.did(f"agent {deed}")
        self.asleep.discard(username)
        self.gone.discard(username)
        if deed in PRESENCES:
            self.house.staff.set_presence(username, deed)
            self.house.desk.tick()
            return
        self.asleep.add(username)
        if deed == "signs out":
            self.gone.add(username)
            self.house.staff.sign_out(self.sessions[username])
            self.sessions[username] = self.house.staff.sign_in(username, PASSWORD)

    @rule(who=customers, number=st.integers(0, 99), username=agents, likely=st.sampled_from((True, True, True, False)))
    def agent(self, who: int, number: int, username: str, likely: bool) -> None:
        """Likely: who may do something for a customer who is there does it; else anybody tries anything, and with an
        old epoch."""
        there = [customer for customer in self.customers if customer.conversation.state in LIKELY]
        if not likely:
            customer, deeds = self.customers[who], DEEDS
        elif there:
            customer = there[who % len(there)]
            deeds = LIKELY[customer.conversation.state]
        else:
            return self.presses(self.customers[who], "human")
        one, deed = customer.conversation, deeds[number % len(deeds)]
        if likely and (one.state is State.HUMAN or one.state is State.OFFERED):
            username = "cleo" if deed == "takes over" else str(one.holder or one.offered_to)
        self.acts(deed, username, customer, one.epoch - (not likely and number % 2), number)

    def acts(self, deed: str, username: str, customer: Customer, epoch: int, number: int) -> None:
        before = customer.conversation
        self.asleep.discard(username)
        self.gone.discard(username)
        self.house.staff.seen(username)
        self.replies += 1
        desk, agent, id_ = self.house.desk, self.who(username), customer.id
        to = WISHES[number % len(WISHES)]
        acts: dict[str, Callable[[], Any]] = {
            "claims": lambda: desk.claim(agent, id_, epoch),
            "declines": lambda: desk.decline(agent, id_, epoch, "忙"),
            "sends": lambda: desk.send(agent, id_, epoch, f"reply-{self.replies:06}", "您好，请稍等"),
            "transfers": lambda: desk.transfer(agent, id_, epoch, to, "请接一下", number % 2 == 0),
            "takes over": lambda: desk.take_over(agent, id_, epoch, "客户要求"),
            "returns": lambda: desk.return_to_bot(agent, id_, epoch),
            "closes": lambda: desk.close(agent, id_, epoch, "solved", "", ""),
        }
        try:
            done = acts[deed]()
            self.did(f"agent {deed}")
            if deed != "sends":  # the network lost our answer, and the page sends the same again
                after = customer.conversation
                assert acts[deed]() == done and customer.conversation == after
        except QiantaiError:
            self.did(f"agent {deed}: refused")
            assert customer.conversation == before, "refused, and yet something has changed"

    @rule(
        seconds=st.sampled_from((0, 1, 5, 14, 20, 61, 300, 600, 1800)),
        workers=st.sampled_from((0, 1, 1, 2)),
        restart=st.sampled_from((False, False, False, True)),
    )
    def time(self, seconds: int, workers: int, restart: bool) -> None:
        """Who is connected gives signs of life. Two workers look one after the other: the second finds nothing."""
        self.did("time passes")
        self.clock.advance(seconds)
        for username in AGENTS:
            if username not in self.asleep:
                self.house.staff.seen(username)
        if restart:
            self.restarts()
        for _ in range(workers):
            self.did("worker looks")
            self.house.conversations.tick()
            self.house.desk.tick()
            self.nothing_is_left_undone()

    def restarts(self) -> None:
        self.did("restart")
        self.house.db.dispose()
        self.house = type(self).again(self.clock)
        for customer in (*self.customers, *self.old):
            customer.house = self.house

    # what holds

    def nothing_is_left_undone(self) -> None:
        """After a look: nobody waits beside an agent who could take him, and nobody is with one who is gone."""
        now, staff = self.clock.now(), self.house.staff
        with self.house.db.transaction() as tx:
            ready = staff.ready_agents(tx, now)
            room = [a for a in ready if self.load(tx, a.username) < a.limit]
            for customer in self.customers:
                one = store.get(tx, customer.id)
                barred = {*one.declined_by, *self.barred(tx, one.id)}
                if one.state is State.QUEUED:
                    assert not [a.username for a in room if a.username not in barred], "could have been offered"
                    assert one.due_at is not None and one.due_at > now
                if one.state is State.OFFERED:
                    assert one.due_at is not None and one.due_at > now, "an offer that has run out"
                    assert staff.present(staff.get(tx, str(one.offered_to)), now)
                if one.state is State.HUMAN:
                    assert staff.present(staff.get(tx, str(one.holder)), now), "with an agent who is gone"
                    assert one.holder not in self.gone
                    assert one.holder not in self.barred(tx, one.id)

    def barred(self, tx: Any, conversation_id: str) -> set[str]:
        """About whom its customer complains."""
        return {name for name in self.house.staff.names_in(tx) if conversation_id in kept_from(tx, name)}

    @staticmethod
    def load(tx: Any, username: str) -> int:
        offered = [c for c in store.waiting(tx) if c.offered_to == username and c.state is State.OFFERED]
        return len(offered) + len(store.held_by(tx, username, [State.HUMAN]))

    @invariant()
    def every_customer_is_somewhere(self) -> None:
        now = self.clock.now()
        with self.house.db.transaction() as tx:
            for username in AGENTS:
                assert self.load(tx, username) <= self.house.staff.get(tx, username).limit
            for customer in (*self.customers, *self.old):
                one, log = store.get(tx, customer.id), store.read(tx, customer.id)
                assert store.broken_at(tx, customer.id) is None
                assert log[: len(customer.log)] == customer.log, "what was written has changed"
                customer.log = log
                self.is_somewhere(one, now)
                self.has_its_row(one, handovers.of_chain(tx, [one.id]))
                said = [e for e in log if e.actor.kind == "customer" and not e.payload.get("choice")]
                assert [(e.seq, e.payload["text"]) for e in said] == [line[:2] for line in customer.book]
                one_holder_an_epoch(one, log)

    def is_somewhere(self, one: Conversation, now: datetime) -> None:
        if one.state in (State.BOT, State.MESSAGE_LEFT):
            assert one.holder == "bot"
        elif one.state in WITH_AGENT:
            assert one.holder in AGENTS
        else:
            assert one.holder is None
        if one.state is State.HUMAN or one.state is State.CLOSED:
            return
        assert one.due_at is not None, "nobody will ever look at him again"
        most = {State.QUEUED: 15, State.OFFERED: 20, State.WRAP_UP: 300}.get(one.state, 1800)
        assert (one.due_at - now).total_seconds() <= most, "looked at too late"
        if one.state in WAITS:
            assert one.waiting_since is not None and one.rank_at is not None
        if one.state is State.OFFERED:
            assert one.offered_to in AGENTS and one.offered_to not in one.declined_by

    def has_its_row(self, one: Conversation, rows: list[handovers.Entry]) -> None:
        standing = [row for row in rows if row.left_at is None]
        if one.state in WAITS:
            assert [(row.agent, row.claimed_at) for row in standing] == [(None, None)]
        elif one.state is State.HUMAN:
            assert [row.agent for row in standing] == [one.holder]
        else:
            assert standing == []
        assert all(row.how is not None for row in rows if row.left_at is not None)


def one_holder_an_epoch(one: Conversation, log: list[Event]) -> None:
    """Every change is told once; in each epoch only its holder spoke."""
    changes = {event.epoch: event for event in log if event.kind == "state"}
    assert sorted(changes) == list(range(2, one.epoch + 1))
    assert sum(event.kind == "state" for event in log) == len(changes)
    for event in log:
        if event.kind != "message" or event.actor.kind == "customer":
            continue
        change = changes.get(event.epoch)
        state = change.payload["state"] if change else State.BOT.value
        holder = change.payload.get("holder") if change else "bot"
        if event.actor.kind == "agent":
            assert (state, event.payload["internal"]["by"]) == (State.HUMAN.value, holder)
        else:
            assert state not in (State.HUMAN.value, State.QUEUED.value, State.OFFERED.value), "the assistant spoke"


def figures(machine: type[Machine]) -> str:
    """One line: how often the machine ran, and how many steps it took, by rule."""
    steps = ", ".join(f"{name} {count}" for name, count in sorted(machine.steps.items()))
    return f"state machine: {machine.runs} runs, {sum(machine.steps.values())} steps; {steps}"
