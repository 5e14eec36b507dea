"""What an agent puts into his reply with one click: the bank's scripts with their warnings, and quick replies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from bot.clock import day_of
from bot.conversation import incidents, store
from bot.conversation.incidents import Incident, stop_of
from bot.conversation.model import Actor, Event
from bot.conversation.speech import Utterance
from bot.db import Tx
from bot.desk.service import Desk
from bot.desk.staff import Agent
from bot.knowledge.model import Script
from bot.knowledge.render import bank_values
from bot.knowledge.replies import AGENT
from bot.knowledge.templates import fill

MOST_FOUND, MOST_SUGGESTED = 12, 4
TELLING = 4  # characters: a shorter text (好的, 谢谢) says nothing of what it is about


class Scripts:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.clock = desk.clock
        self.db = desk.db
        self.knowledge = desk.knowledge
        self.speech = desk.handoff.speech

    def found(self, query: str) -> list[dict[str, Any]]:
        """Approved scripts by a word, with their warnings already in the text; none that is stopped."""
        with self.db.transaction() as tx:
            now = self.clock.now()
            scripts = self.knowledge.search(query, day_of(now), MOST_FOUND)
            return [self._shown(script) for script in _open(scripts, incidents.in_force(tx, now))]

    def suggested(self, agent: Agent, conversation_id: str) -> list[dict[str, Any]]:
        """The same, by what the customer wrote last (004-84): what the assistant made of it, else by its words.

        Raises as `readable`.
        """
        with self.db.transaction() as tx:
            self.desk.readable(tx, agent, conversation_id)
            likely = dict.fromkeys(self._likely(store.read(tx, conversation_id)))
            scripts = _open(likely, incidents.in_force(tx, self.clock.now()))
            return [self._shown(script) for script in list(scripts)[:MOST_SUGGESTED]]

    def replies(self, agent: Agent) -> list[dict[str, Any]]:
        """Quick replies with their blanks filled; none that the guard would not let out as it stands."""
        with self.db.transaction() as tx:
            filled = [
                (reply, fill(reply.text, {**bank_values(self.knowledge.bank), AGENT: agent.name}))
                for reply in self.knowledge.replies
            ]
            return [
                {
                    "id": reply.id,
                    "title": reply.title,
                    "text": text,
                    "when": list(reply.when),
                    "reasons": list(reply.reasons),
                }
                for reply, text in filled
                if self._passes(tx, agent, text)
            ]

    def _likely(self, log: Sequence[Event]) -> Iterator[Script]:
        """By the last message that says what it is about; a button, a thank-you or the call for a person does not."""
        day = day_of(self.clock.now())
        for event in reversed(log):
            if event.kind != "message" or event.actor.kind != "customer" or event.payload.get("choice"):
                continue
            meant = _understanding(log, event.seq)
            if meant is not None and self._is_question(meant["intent"]):
                yield from self._candidates(meant, day)
            if len(event.payload["text"]) >= TELLING:
                yield from self.knowledge.search(event.payload["text"], day, MOST_SUGGESTED)
                return

    def _is_question(self, intent: str) -> bool:
        known = self.knowledge.intents.get(intent)
        return known is not None and known.kind == "question"

    def _candidates(self, meant: dict[str, Any], day: date) -> Iterator[Script]:
        product = next((one["value"] for one in meant["entities"] if one["entity"] == "product"), None)
        for label, _ in meant["candidates"]:
            intent, _, of = label.partition("/")
            script = self.knowledge.script_for(intent, of or product, day)
            if script is not None:
                yield script

    def _shown(self, script: Script) -> dict[str, Any]:
        now = self.clock.now()
        verdict = self.speech.preview(self.speech.script(script.id, 0, now), now)
        return {
            "id": script.id,
            "version": script.version,
            "title": script.title,
            "text": verdict.text,
            "disclosures": self.speech.titled(verdict),
        }

    def _passes(self, tx: Tx, agent: Agent, text: str) -> bool:
        said = self.speech.judge(tx, Utterance(text), self.clock.now(), Actor("agent", agent.name))
        return said.action == "allow"


def _open(scripts: Iterable[Script], stops: Sequence[Incident]) -> Iterator[Script]:
    return (script for script in scripts if stop_of(stops, script) is None)


def _understanding(log: Sequence[Event], seq: int) -> dict[str, Any] | None:
    """What the assistant made of the customer's message, as the record of its answer tells; a person makes none."""
    for event in reversed(log):
        internal = event.payload.get("internal") or {}
        if internal.get("replying_to") == seq and internal.get("understanding"):
            return dict(internal["understanding"])
    return None
