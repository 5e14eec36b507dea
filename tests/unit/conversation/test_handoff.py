"""Every change of holder: the ways between states, the epoch, the moments at which the worker looks again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from support import NIGHT, SUNDAY_NOON, settings

from bot.calendar import WorkCalendar
from bot.clock import BEIJING, FrozenClock
from bot.conversation import store
from bot.conversation.handoff import WAYS, Handoff, spoken
from bot.conversation.model import Conversation, State
from bot.conversation.speech import Speech
from bot.db import Tx
from bot.desk.store import agents
from bot.errors import Conflict, StaleEpoch
from bot.knowledge import Knowledge
from bot.wiring import House, build

HOLDERS = {State.BOT: "bot", State.MESSAGE_LEFT: "bot", State.HUMAN: "mei", State.WRAP_UP: "mei"}

# state table of the design: from -> to
LEGAL = {
    State.BOT: {State.QUEUED, State.MESSAGE_LEFT, State.CLOSED},
    State.QUEUED: {State.OFFERED, State.HUMAN, State.BOT, State.MESSAGE_LEFT},
    State.OFFERED: {State.QUEUED, State.HUMAN, State.BOT, State.MESSAGE_LEFT},
    State.HUMAN: {State.HUMAN, State.WRAP_UP, State.BOT, State.QUEUED},
    State.WRAP_UP: {State.QUEUED, State.CLOSED},
    State.MESSAGE_LEFT: {State.QUEUED, State.CLOSED},
    State.CLOSED: set(),
}

BLANK = Conversation(
    "c",
    "web",
    State.BOT,
    "bot",
    1,
    0,
    SUNDAY_NOON,
    SUNDAY_NOON,
    False,
    None,
    None,
    {},
    None,
    {},
    None,
    None,
    None,
    (),
    None,
)


@pytest.fixture
def tx(house: House) -> Iterator[Tx]:
    with house.db.transaction() as tx:
        for username in ("mei", "lin"):
            tx.execute(
                agents.insert().values(
                    username=username, name="客服", password_hash="", roles=[], limit=3, presence="offline"
                )
            )
        yield tx


@pytest.fixture(scope="module")
def anywhere(said: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house for what needs no database."""
    return build(settings(tmp_path_factory.mktemp("anywhere")), FrozenClock(SUNDAY_NOON), said)


@pytest.fixture
def handoff(house: House) -> Handoff:
    return house.conversations.handoff


@pytest.fixture
def standing(tx: Tx, clock: FrozenClock) -> Callable[..., Conversation]:
    """A stored conversation in the wanted state."""

    def stand(state: State, **values: object) -> Conversation:
        made = store.create(tx, channel="web", at=clock.now(), large_type=False, former_id=None)
        offered_to = "mei" if state is State.OFFERED else None
        waiting = clock.now() if state in (State.QUEUED, State.OFFERED) else None
        made = replace(
            made, state=state, holder=HOLDERS.get(state), offered_to=offered_to, waiting_since=waiting, **values
        )
        store.save(tx, made)
        return made

    return stand


class TestWays:
    def test_are_those_of_the_state_table(self) -> None:
        assert {state: set(targets) for state, targets in WAYS.items()} == LEGAL

    @pytest.mark.parametrize(("start", "target"), product(State, State))
    def test_a_legal_one_raises_the_epoch_and_any_other_is_a_conflict(
        self, anywhere: House, clock: FrozenClock, start: State, target: State
    ) -> None:
        handoff, holder = anywhere.conversations.handoff, HOLDERS.get(start)
        conversation = replace(BLANK, state=start, holder=holder, epoch=7)
        if target in LEGAL[start]:
            moved = handoff._move(conversation, target, clock.now(), holder=None)
            assert (moved.state, moved.epoch) == (target, 8)
        else:
            with pytest.raises(Conflict) as refused:
                handoff._move(conversation, target, clock.now(), holder=None)
            assert refused.value.extra == {"holder": HOLDERS.get(start), "epoch": 7}

    @pytest.mark.parametrize(
        ("operation", "allowed"),
        [
            ("cancel", {State.QUEUED, State.OFFERED, State.HUMAN}),
            ("return_to_bot", {State.QUEUED, State.OFFERED, State.HUMAN}),
            ("back_to_agent", {State.BOT, State.OFFERED, State.HUMAN, State.WRAP_UP, State.MESSAGE_LEFT}),
        ],
    )
    def test_a_refused_operation_says_nothing_and_changes_nothing(
        self,
        tx: Tx,
        handoff: Handoff,
        standing: Callable[..., Conversation],
        clock: FrozenClock,
        operation: str,
        allowed: set[State],
    ) -> None:
        more = ({"returned_by": "mei"},) if operation == "return_to_bot" else ()
        for start in State:
            conversation = standing(start)
            if start in allowed:
                moved = getattr(handoff, operation)(tx, conversation, clock.now(), *more)
                assert moved.epoch == conversation.epoch + 1
                continue
            with pytest.raises(Conflict):
                getattr(handoff, operation)(tx, conversation, clock.now(), *more)
            assert store.get(tx, conversation.id) == conversation
            assert store.read(tx, conversation.id) == []


class TestBringingAPerson:
    def test_queues_with_reason_first_waiting_time_and_nobody_as_holder(
        self, tx: Tx, handoff: Handoff, standing: Callable[..., Conversation], clock: FrozenClock
    ) -> None:
        queued = handoff.bring_person(tx, standing(State.BOT), "repeat", clock.now())
        assert (queued.state, queued.holder, queued.reason, queued.waiting_since) == (
            State.QUEUED,
            None,
            "repeat",
            clock.now(),
        )

    @pytest.mark.parametrize(("reason", "ahead_s"), [("urgent", 86_400), ("care", 300), ("asked", 0), ("failed", 0)])
    def test_who_is_in_danger_goes_first(
        self,
        tx: Tx,
        handoff: Handoff,
        standing: Callable[..., Conversation],
        clock: FrozenClock,
        reason: str,
        ahead_s: int,
    ) -> None:
        assert handoff.bring_person(tx, standing(State.BOT), reason, clock.now()).ahead_s == ahead_s

    @pytest.mark.parametrize("start", [State.QUEUED, State.OFFERED, State.HUMAN, State.WRAP_UP, State.CLOSED])
    def test_the_first_reason_wins(
        self, tx: Tx, handoff: Handoff, standing: Callable[..., Conversation], clock: FrozenClock, start: State
    ) -> None:
        conversation = standing(start, reason="asked")
        assert handoff.bring_person(tx, conversation, "repeat", clock.now()) == conversation

    def test_the_place_counts_those_before(
        self, tx: Tx, handoff: Handoff, standing: Callable[..., Conversation], clock: FrozenClock
    ) -> None:
        handoff.bring_person(tx, standing(State.BOT), "asked", clock.now())
        clock.advance(1)
        second = handoff.bring_person(tx, standing(State.BOT), "asked", clock.now())
        clock.advance(1)
        urgent = handoff.bring_person(tx, standing(State.BOT), "urgent", clock.now())
        queue = handoff.queueing.queue(tx, second, clock.now())
        assert queue is not None
        assert queue.place == 3
        urgent_queue = handoff.queueing.queue(tx, urgent, clock.now())
        assert urgent_queue is not None and urgent_queue.place == 1


class TestAClaim:
    def test_is_compare_and_set(
        self, tx: Tx, handoff: Handoff, standing: Callable[..., Conversation], clock: FrozenClock
    ) -> None:
        queued = standing(State.QUEUED)
        held = handoff.claim(tx, queued, "mei", queued.epoch, clock.now())
        assert (held.state, held.holder, held.epoch) == (State.HUMAN, "mei", queued.epoch + 1)
        with pytest.raises(StaleEpoch) as late:
            handoff.claim(tx, held, "lin", queued.epoch, clock.now())
        assert late.value.extra == {"holder": "mei", "epoch": held.epoch}

    def test_takes_no_conversation_that_is_offered_to_another(
        self, tx: Tx, handoff: Handoff, standing: Callable[..., Conversation], clock: FrozenClock
    ) -> None:
        offered = standing(State.OFFERED)
        with pytest.raises(Conflict):
            handoff.claim(tx, offered, "lin", offered.epoch, clock.now())
        assert handoff.claim(tx, offered, "mei", offered.epoch, clock.now()).holder == "mei"

    def test_an_offer_can_be_declined_by_its_agent_only_and_keeps_the_waiting_time(
        self, tx: Tx, handoff: Handoff, standing: Callable[..., Conversation], clock: FrozenClock
    ) -> None:
        offered = standing(State.OFFERED)
        since = clock.now()
        clock.advance(20)
        with pytest.raises(Conflict):
            handoff.decline(tx, offered, "lin", offered.epoch, "busy", clock.now())
        back = handoff.decline(tx, offered, "mei", offered.epoch, "busy", clock.now())
        assert (back.state, back.waiting_since, back.declined_by, back.offered_to) == (
            State.QUEUED,
            since,
            ("mei",),
            None,
        )


class TestTheNextLook:
    @pytest.mark.parametrize(
        ("state", "seconds"),
        [
            (State.BOT, 1800),
            (State.MESSAGE_LEFT, 1800),
            (State.QUEUED, 15),
            (State.OFFERED, 20),
            (State.WRAP_UP, 300),
            (State.HUMAN, 15),
            (State.CLOSED, None),
        ],
    )
    def test_by_state(
        self,
        handoff: Handoff,
        standing: Callable[..., Conversation],
        clock: FrozenClock,
        state: State,
        seconds: int | None,
    ) -> None:
        due = handoff.due_at(standing(state), clock.now())
        assert due == (None if seconds is None else clock.now() + timedelta(seconds=seconds))


class TestOutsideHours:
    def test_a_message_is_left_with_a_case_due_two_service_hours_after_opening(
        self, tx: Tx, handoff: Handoff, house: House, standing: Callable[..., Conversation], clock: FrozenClock
    ) -> None:
        clock.set(NIGHT)
        left = handoff.bring_person(tx, standing(State.BOT), "asked", clock.now())
        (case,) = house.tickets.cases_of(tx, left.id)
        assert (left.state, left.holder) == (State.MESSAGE_LEFT, "bot")
        assert case.due_at == datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)

    def test_a_calendar_that_has_ended_stands_between_no_customer_and_a_person(
        self, tx: Tx, handoff: Handoff, house: House, said: Knowledge, standing: Callable[..., Conversation]
    ) -> None:
        days = said.calendar
        ending = WorkCalendar(days.desk_hours, days.office_hours, False, complete_years=[2031])
        blind = Handoff(Speech(said), ending, handoff.callbacks, house.staff)
        for moment in (
            datetime(2031, 12, 31, 23, 30, tzinfo=BEIJING),  # the desk opens next in a year that nobody knows
            datetime(2032, 1, 1, 9, 0, tzinfo=BEIJING),
        ):
            assert blind.bring_person(tx, standing(State.BOT), "asked", moment).state in (
                State.QUEUED,
                State.MESSAGE_LEFT,
            )
        assert ending.last_complete_day(date(2031, 1, 1)) == date(2031, 12, 31)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 8, 0, tzinfo=BEIJING), "11月23日 08:00"),
        (datetime(2026, 12, 31, 17, 5, tzinfo=BEIJING).astimezone(tz=None), "12月31日 17:05"),
    ],
)
def test_a_moment_is_spoken_in_beijing_time(moment: datetime, words: str) -> None:
    assert spoken(moment) == words
