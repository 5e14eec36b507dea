"""The form at the end of a conversation: with the close, or filled in and put right while the wrap-up lasts."""

from __future__ import annotations

from bot.conversation import handovers, store
from bot.conversation.model import SYSTEM, State
from bot.desk.changing import changed
from bot.desk.service import RESULTS, Desk
from bot.desk.staff import Agent
from bot.errors import InvalidInput, StaleEpoch
from bot.text.mask import mask
from bot.text.normalise import clean


def wrap_up(desk: Desk, agent: Agent, conversation_id: str, epoch: int, result: str, category: str, note: str) -> int:
    """End the conversation, or change the form of the one that he has just ended; gives the epoch.

    Every form stays in the record, the last one counts. `category` is the id of a kind of question, or empty. Raises
    InvalidInput, StaleEpoch, Conflict, NotFound.
    """
    if result not in RESULTS:
        raise InvalidInput(f"result is one of {', '.join(RESULTS)}", field="result")
    known = desk.knowledge.intents.get(category)
    if category and (known is None or known.kind != "question"):
        raise InvalidInput("category is the id of a kind of question", field="category")
    with changed(desk.db, desk.wakeups, conversation_id) as (tx, conversation):
        if conversation.state is State.WRAP_UP and conversation.holder == agent.username:
            desk.recusal.meets(tx, agent, conversation_id)
            if conversation.epoch != epoch:
                raise StaleEpoch(holder=conversation.holder, epoch=conversation.epoch)
            form = {"result": result, "category": category, "note": mask(clean(note)).text, "by": agent.username}
            payload = {"text": "", "state": conversation.state.value, "holder": conversation.holder, "internal": form}
            store.append(tx, conversation, kind="state", actor=SYSTEM, payload=payload, at=desk.clock.now())
            handovers.summed_up(tx, conversation_id, result, category)
            return epoch
    return desk.close(agent, conversation_id, epoch, result, category, note)
