"""Every dialogue file, played with the trained model: the customer's words, the assistant's script and warning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from always import broken
from dialogues import Dialogue, read_all
from stage import OnStage, play, transcript
from support import Chat, make_house

from bot.assistant import Assistant
from bot.clock import FrozenClock
from bot.knowledge import Knowledge
from bot.wiring import House

pytestmark = pytest.mark.model


@pytest.fixture
def stage(house: House, on_stage: OnStage) -> Iterator[OnStage]:
    on_stage.house = house
    yield on_stage
    on_stage.house = None


@pytest.mark.parametrize("dialogue", read_all(), ids=lambda one: f"{one.file}-{one.number}")
def test_dialogue(
    dialogue: Dialogue, trained: Assistant, stage: OnStage, clock: FrozenClock, tmp_path: Path, said: Knowledge
) -> None:
    clock.set(dialogue.at)
    assert stage.house is not None
    chat = Chat(stage.house, trained, large_type=dialogue.large_type)

    def restart() -> House:
        chat.house.db.dispose()
        stage.house = make_house(tmp_path, said, clock)
        return stage.house

    found = play(dialogue, chat, restart)
    found += broken(dialogue, chat, tmp_path / "qiantai.db")
    shown = transcript(chat)
    if chat.house is not stage.house:
        chat.house.db.dispose()
    assert not found, "\n".join([str(dialogue), *found, shown])
