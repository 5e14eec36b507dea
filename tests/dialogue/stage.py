"""Plays a dialogue on a house of its own with the assistant that is given, and says where it went otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from dialogues import Dialogue, Expected, Step
from support import Chat

from bot.conversation.model import Event
from bot.desk.store import agents
from bot.knowledge import Knowledge
from bot.tickets.recusal import Officer
from bot.tickets.tables import cases
from bot.wiring import House

ASKS_BACK = frozenset({"clarify", "clarify_numbered", "not_understood"})


class OnStage:
    """The services and the database of the house that is played in now: the model is loaded once for all of them."""

    def __init__(self) -> None:
        self.house: House | None = None

    @property
    def _now(self) -> House:
        assert self.house is not None
        return self.house

    @property
    def knowledge(self) -> Knowledge:
        return self._now.knowledge

    @property
    def tickets(self) -> Any:
        return self._now.tickets

    @property
    def asking(self) -> Any:
        return self._now.asking

    @property
    def clock(self) -> OnStage:
        return self  # the assistant keeps hold of its clock: it must be the one of the house played in now

    def now(self) -> datetime:
        return self._now.clock.now()

    def transaction(self) -> Any:
        return self._now.db.transaction()


def play(dialogue: Dialogue, chat: Chat, restart: Callable[[], House]) -> list[str]:
    """All steps in order; gives what was otherwise than written, with the number of the step."""
    found: list[str] = []
    for number, step in enumerate(dialogue.steps, 1):
        before = chat.conversation.last_seq
        _do(step, chat, restart)
        reply = [event for event in chat.events if event.seq > before and event.actor.kind != "customer"]
        if step.does in ("customer", "presses") and not reply:
            found.append(f"step {number} ({step.what}): no reply at all")
        found += [f"step {number} ({step.what}): {miss}" for miss in misses(step.expected, reply, chat)]
    return found


def misses(expected: Expected, reply: Sequence[Event], chat: Chat) -> list[str]:
    """Where the reply is not as expected, in words."""
    found: list[str] = []
    scripts = [event.payload["script"]["id"] for event in reply if event.payload.get("script")]
    phrases = [p for event in reply if (p := (event.payload.get("internal") or {}).get("phrase"))]
    choices = [choice["id"] for event in reply for choice in event.payload.get("choices") or ()]
    text = "\n".join(event.payload.get("text", "") for event in reply)
    conversation = chat.conversation

    def want(right: bool, what: str) -> None:
        if not right:
            found.append(what)

    if expected.script is not None:
        want(scripts == list(expected.script), f"scripts {list(expected.script)} expected, said {scripts}")
    if expected.one_of is not None:
        one = len(scripts) == 1 and scripts[0] in expected.one_of
        want(one, f"one script of {list(expected.one_of)} expected, said {scripts}")
    for warning in expected.warnings or ():
        disclosure = chat.house.knowledge.disclosures[warning]
        want(disclosure.text in text, f"warning {warning} does not stand whole in the reply")
    for choice in expected.choices or ():
        want(choice in choices, f"button {choice} is not offered, only {choices}")
    for phrase in expected.phrase or ():
        want(phrase in phrases, f"line {phrase} expected, said {phrases}")
    for phrase in expected.not_phrase or ():
        want(phrase not in phrases, f"line {phrase} must not be said")
    if expected.asks_back is not None:
        want(bool(ASKS_BACK & set(phrases)) == expected.asks_back, f"asking back: {phrases}, scripts {scripts}")
    for words in expected.says or ():
        want(words in text, f"“{words}” is not said")
    for words in expected.not_says or ():
        want(words not in text, f"“{words}” is said")
    if expected.state is not None:
        want(conversation.state.value == expected.state, f"state {expected.state} expected, is {conversation.state}")
    if expected.reason is not None:
        want(conversation.reason == expected.reason, f"reason {expected.reason} expected, is {conversation.reason}")
    if expected.flow is not None:
        want((conversation.flow or "none") == expected.flow, f"flow {expected.flow} expected, is {conversation.flow}")
    if expected.case is not None:
        shown = next((event.payload["case"] for event in reply if event.payload.get("case")), None)
        for name, value in expected.case.items():
            is_so = shown is not None and str(shown[name]).startswith(str(value))
            want(is_so, f"case {name} {value} expected, is {shown and shown[name]}")
    return found


def transcript(chat: Chat) -> str:
    """What was said, with what was understood and how surely: what one wants to see of a dialogue that failed."""
    lines = [""]
    understood = {
        why["replying_to"]: why["understanding"]
        for event in chat.events
        if "understanding" in (why := event.payload.get("internal") or {})
    }
    for event in chat.events:
        text = event.payload.get("text", "").replace("\n", " / ")
        what = ""
        if event.actor.kind == "customer" and (made := understood.get(event.seq)):
            others = "  ".join(f"{label} {sure:.2f}" for label, sure in made["candidates"] if label != made["intent"])
            what = f"   [{made['intent']} {made['confidence']:.2f} | {others} | {made['product'] or '-'}]"
        elif event.payload.get("script"):
            what = f"   [{event.payload['script']['id']}]"
        elif phrase := (event.payload.get("internal") or {}).get("phrase"):
            what = f"   [{phrase}]"
        buttons = [choice["label"] for choice in event.payload.get("choices") or ()]
        lines.append(f"{event.seq:3} {event.actor.kind:8} {text[:160]}{what} {buttons or ''}")
    conversation = chat.conversation
    return "\n".join(
        [*lines, f"    {conversation.state.value}, reason {conversation.reason}, flow {conversation.flow}"]
    )


def _do(step: Step, chat: Chat, restart: Callable[[], House]) -> None:
    if step.does == "customer":
        chat.says(step.what.replace("NUMBER", newest(chat) or "NUMBER"))
    elif step.does == "presses":
        chat.presses(step.what)
    elif step.does == "waits":
        chat.waits(step.what)
    elif step.does == "officer":
        _act(step.what, chat)
    elif step.does == "elsewhere":
        chat.id = chat.house.conversations.start("web").id
    else:
        chat.house = restart()


def newest(chat: Chat) -> str | None:
    """The number of the complaint that was opened last, whoever opened it."""
    complaints = sa.select(cases.c.number).where(cases.c.kind == "COMPLAINT").order_by(cases.c.opened_at.desc())
    with chat.house.db.transaction() as tx:
        return tx.execute(complaints).scalars().first()


def _act(what: str | dict[str, dict[str, Any]], chat: Chat) -> None:
    """By a supervisor who is made where he is new."""
    ((act, values),) = ({what: {}} if isinstance(what, str) else what).items()
    officer = Officer("super", "小前", ("supervisor", "head"))
    with chat.house.db.transaction() as tx:
        if officer.username not in chat.house.staff.names_in(tx):
            row = {"name": officer.name, "password_hash": "-", "roles": list(officer.roles), "limit": 3}
            tx.execute(agents.insert().values(username=officer.username, presence="offline", **row))
    number = newest(chat)
    assert number is not None, "no case to act on"
    chat.house.casework.act(officer, number, act, None, values)
