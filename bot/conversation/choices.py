"""What customers chose when they were asked back: lines to learn from, labelled by those who wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.conversation import store
from bot.conversation.model import Event, Reserved
from bot.db import Database
from bot.knowledge import Knowledge

CONTROLS = {Reserved.COMPLAINT.value: "complaint", Reserved.HUMAN.value: "human_agent"}


@dataclass(frozen=True)
class Chosen:
    """`text` as stored, that is masked; `label` of what was chosen, among the `offered` ones."""

    text: str
    label: str
    offered: tuple[str, ...]

    def __str__(self) -> str:
        return "\t".join((" ".join(self.text.split()), self.label, ",".join(self.offered)))


def all_chosen(db: Database, said: Knowledge) -> Iterator[Chosen]:
    """One transaction a conversation: customers write meanwhile."""
    with db.transaction() as tx:
        ids = store.all_ids(tx)
    for conversation_id in ids:
        with db.transaction() as tx:
            log = store.read(tx, conversation_id)
        yield from chosen_in(log, said)


def chosen_in(log: Sequence[Event], said: Knowledge) -> Iterator[Chosen]:
    """Only who took one of what was offered: new words or another button say nothing about the first ones."""
    texts = {event.seq: str(event.payload.get("text", "")) for event in log if event.actor.kind == "customer"}
    for place, event in enumerate(log):
        internal = event.payload.get("internal") or {}
        offered = tuple(internal.get("asked_back") or ())
        answer = next((later for later in log[place + 1 :] if later.actor.kind == "customer"), None)
        choice = answer.payload.get("choice") if answer is not None else None
        if isinstance(choice, str) and choice in offered and internal.get("replying_to") in texts:
            labels = tuple(label for one in offered if (label := _label(one, said)) is not None)
            if (label := _label(choice, said)) is not None:
                yield Chosen(texts[internal["replying_to"]], label, labels)


def _label(choice: str, said: Knowledge) -> str | None:
    script = said.scripts.get(choice)
    return script.intent if script is not None else CONTROLS.get(choice)
