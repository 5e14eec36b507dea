"""The actions in this process, without an action server: no HTTP hop, and a failing action fails its turn."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import ActionExecutor

from actions.actions import ALL
from actions.services import Services


def executor(services: Services) -> ActionExecutor:
    """Runs what Rasa asks for. Its `run` raises whatever the action raised."""
    made = ActionExecutor()
    for action in ALL:
        made.register_action(action(services))
    return made


async def run(made: ActionExecutor, call: dict[str, Any]) -> dict[str, Any]:
    """Rasa's call of an action -> {"events", "responses"}."""
    result = await made.run(call)
    return dict(result) if result else {"events": [], "responses": []}
