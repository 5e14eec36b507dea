"""Each way into and out of the queue leaves its row: who waited, who came, when he answered, how it ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import agent
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.clock import FrozenClock
from bot.conversation import handovers
from bot.conversation.handovers import Entry
from bot.conversation.model import State
from bot.desk.staff import Agent
from bot.wiring import House


class Served:
    """A customer in the queue, and an agent who may take him."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.desk = house.desk
        self.chat = Chat(house, FakeAssistant())
        self.anna: Agent = agent(house, "anna", "busy")
        self.chat.sends(choice="human")

    @property
    def epoch(self) -> int:
        return self.chat.conversation.epoch

    def claim(self) -> None:
        self.desk.claim(self.anna, self.chat.id, self.epoch)

    def entries(self) -> list[Entry]:
        with self.house.db.transaction() as tx:
            return handovers.of_chain(tx, [self.chat.id])

    def entry(self) -> Entry:
        return self.entries()[-1]


@pytest.fixture
def served(any_house: House) -> Served:
    return Served(any_house)


def test_who_asks_for_a_person_has_one_that_is_open(served: Served, clock: FrozenClock) -> None:
    entry = served.entry()
    assert (entry.epoch, entry.entered_at, entry.reason, entry.queue) == (2, clock.now(), "asked", "consult")
    assert (entry.agent, entry.claimed_at, entry.left_at) == (None, None, None)


def test_the_moments_of_an_agent_are_kept(served: Served, clock: FrozenClock) -> None:
    moments = []
    for act in (
        served.claim,
        lambda: served.desk.send(served.anna, served.chat.id, served.epoch, "key-000001", "您好，我来看一下"),
        lambda: served.desk.send(served.anna, served.chat.id, served.epoch, "key-000002", "请稍等"),
        lambda: served.desk.close(served.anna, served.chat.id, served.epoch, "follow_up", "branch_hours", "回电"),
    ):
        clock.advance(10)
        act()
        moments.append(clock.now())
    entry = served.entry()
    assert (entry.agent, entry.claimed_at, entry.first_answer_at, entry.left_at) == (
        "anna", moments[0], moments[1], moments[3],
    )  # fmt: skip
    assert (entry.how, entry.result, entry.category) == ("close", "follow_up", "branch_hours")


def test_the_customer_writes_after_the_close_and_waits_anew(served: Served, clock: FrozenClock) -> None:
    served.claim()
    served.desk.close(served.anna, served.chat.id, served.epoch, "solved", "", "")
    clock.advance(5)
    served.chat.sends("还有一个问题")
    first, second = served.entries()
    assert (first.how, second.how, second.entered_at) == ("close", None, clock.now())


@pytest.mark.parametrize(
    ("how", "leave"),
    [
        ("cancel", lambda served: served.chat.sends(choice="cancel")),
        ("cancel", lambda served: served.chat.sends(choice="stay")),
        ("message", lambda served: served.chat.sends(choice="leave_message")),
    ],
)
def test_who_leaves_the_queue_is_not_waiting_any_more(served: Served, how: str, leave: Callable) -> None:
    leave(served)
    [entry] = served.entries()
    assert (entry.how, entry.agent) == (how, None)


def test_given_back_to_the_assistant_it_has_ended(served: Served) -> None:
    served.claim()
    served.desk.return_to_bot(served.anna, served.chat.id, served.epoch)
    [entry] = served.entries()
    assert (entry.how, entry.agent) == ("return", "anna")
    served.chat.sends(choice="stay")  # not waiting: nothing ends
    assert served.entries() == [entry]


def test_passed_on_he_waits_for_the_next_one(served: Served) -> None:
    served.claim()
    served.desk.transfer(served.anna, served.chat.id, served.epoch, "", "贷款的事")
    first, second = served.entries()
    assert (first.how, first.agent, second.how, second.agent, second.epoch) == (
        "transfer", "anna", None, None, served.epoch,
    )  # fmt: skip


def test_of_an_agent_who_is_gone_too(served: Served, clock: FrozenClock) -> None:
    served.claim()
    served.chat.waits(61)
    first, second = served.entries()
    assert (first.how, first.agent, second.agent) == ("lost", "anna", None)


def test_a_declined_offer_is_the_same_wait(served: Served, clock: FrozenClock) -> None:
    served.house.staff.set_presence("anna", "ready")
    served.desk.tick()
    assert served.chat.state is State.OFFERED
    served.desk.decline(served.anna, served.chat.id, served.epoch, "忙")
    [entry] = served.entries()
    assert (entry.left_at, entry.agent) == (None, None)
