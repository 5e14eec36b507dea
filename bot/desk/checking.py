"""What the guard would say of a reply while it is being written: nothing is sent, and nothing is kept of it."""

from __future__ import annotations

from typing import Any

from bot.conversation.model import Actor
from bot.conversation.speech import Utterance
from bot.desk.asked import asked
from bot.desk.service import AGENT_MAX_CHARS, Desk
from bot.desk.staff import Agent
from bot.text.mask import mask
from bot.text.normalise import clean


def checked(desk: Desk, agent: Agent, conversation_id: str, text: str) -> dict[str, Any]:
    """{"verdict": allow | doubt | complete | refuse, "reasons": [words], "completable": bool}, as sending would give.

    Sending stays the only judge: what is in force may change until then. Raises as `readable`.
    """
    text = mask(clean(text).strip()[:AGENT_MAX_CHARS]).text
    with desk.db.transaction() as tx:
        desk.readable(tx, agent, conversation_id)
        utterance = Utterance(text, asked=asked(tx, conversation_id))
        verdict = desk.handoff.speech.judge(tx, utterance, desk.clock.now(), Actor("agent", agent.name))
    return {
        "verdict": verdict.action,
        "reasons": [finding.reason for finding in verdict.findings] if verdict.action != "allow" else [],
        "completable": verdict.action not in ("allow", "refuse") and bool(verdict.completed_text),
    }
