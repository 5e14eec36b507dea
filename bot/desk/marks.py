"""Notes and tags of agents on a conversation: for colleagues only. No events, so that no channel can ever send one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from bot.clock import rfc3339
from bot.db import Tx
from bot.desk.staff import Agent
from bot.desk.store import agents, marks
from bot.errors import InvalidInput
from bot.text.mask import mask
from bot.text.normalise import clean

if TYPE_CHECKING:
    from bot.desk.service import Desk

Kind = Literal["note", "tag", "untag"]
MOST = {"note": 1000, "tag": 20, "untag": 20}  # characters


class Marks:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.db = desk.db
        self.clock = desk.clock

    def of(self, agent: Agent, conversation_id: str) -> dict[str, Any]:
        """{"notes": [{"at", "by", "text"}], "tags": [text]}, oldest first. Raises as `readable`."""
        with self.db.transaction() as tx:
            self.desk.readable(tx, agent, conversation_id)
            return of(tx, conversation_id)

    def add(self, agent: Agent, conversation_id: str, kind: Kind, text: str) -> dict[str, Any]:
        """One more; gives what `of` gives. The same tag twice is one, and one that is not there is taken off by nobody.

        Personal data in it is masked. Raises as `readable`, InvalidInput.
        """
        text = " ".join(clean(text).split()) if kind != "note" else clean(text).strip()
        if not text or len(text) > MOST[kind]:
            raise InvalidInput("empty or too long", phrase="problem_mark", field="text")
        text = mask(text).text
        with self.db.transaction() as tx:
            self.desk.readable(tx, agent, conversation_id)
            if kind == "note" or (text in of(tx, conversation_id)["tags"]) == (kind == "untag"):
                _put(tx, conversation_id=conversation_id, at=self.clock.now(), by=agent.username, kind=kind, text=text)
            return of(tx, conversation_id)


def of(tx: Tx, conversation_id: str) -> dict[str, Any]:
    """What stands on the conversation now: {"notes": [{"at", "by", "text"}], "tags": [text]}, oldest first."""
    rows = tx.execute(
        sa.select(marks, agents.c.name)
        .outerjoin(agents, agents.c.username == marks.c.by)
        .where(marks.c.conversation_id == conversation_id)
        .order_by(marks.c.id)
    )
    notes: list[dict[str, str]] = []
    tags: dict[str, None] = {}
    for row in rows:
        if row.kind == "note":
            notes.append({"at": rfc3339(row.at), "by": row.name or row.by, "text": row.text})
        elif row.kind == "tag":
            tags[row.text] = None
        else:
            tags.pop(row.text, None)
    return {"notes": notes, "tags": list(tags)}


def _put(tx: Tx, **values: Any) -> None:
    tx.execute(marks.insert().values(**values))
