"""Agents at the desk, and the complaint form without a model: what the desk's tests share."""

from __future__ import annotations

from support import Chat

from actions import decide
from actions.turn import Turn
from bot.conversation.model import TurnInput, TurnOutput, Understanding
from bot.desk.staff import Agent
from bot.wiring import House

PASSWORD = "a long password"


def agent(house: House, username: str, presence: str = "ready", *roles: str) -> Agent:
    """An agent who is at the desk, with this presence."""
    house.staff.put(username, f"坐席{username}", PASSWORD, roles)
    house.staff.set_presence(username, presence)
    with house.db.transaction() as tx:
        return house.staff.get(tx, username)


def offered(chat: Chat) -> str | None:
    """Who is offered the customer when the desk has looked."""
    chat.house.desk.tick()
    return chat.conversation.offered_to


def complaining(house: House, turn: TurnInput) -> TurnOutput:
    """A turn of the complaint form: what the real action does, without the model."""
    meaning = Understanding(turn.text, "complaint", 0.9)
    told = Turn(turn.conversation_id, turn.seq, turn.text, turn.choice, None, meaning, None)
    return TurnOutput(meaning, tuple(decide.complaint(told, house)))
