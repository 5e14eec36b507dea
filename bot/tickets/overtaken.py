"""What waits for a person to tell it, and has been overtaken by what came after it: nobody tells it any more (001-18).

What was missed, and apologised for, he hears all the same; and so the written report.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime

from bot.db import Tx
from bot.knowledge import Knowledge
from bot.tickets import deadlines
from bot.tickets.acts import LIVING
from bot.tickets.breaches import put_on_record
from bot.tickets.deadlines import Deadline
from bot.tickets.model import Case, CaseState

PROPOSAL, AGREED = "case_proposal", "agreed"
PAUSED, RESUMED = "case_paused", "case_resumed"
STANDING = frozenset(  # how it stands at the moment
    {"case_accepted", "case_assigned", "case_investigating", "case_reopened", "case_progress", "case_progress_late"}
)
ON_THE_WAY = STANDING | {
    "case_first_response", "case_first_response_solution", "case_extended", PAUSED, RESUMED, PROPOSAL,
}  # fmt: skip
OVERTAKES: Mapping[str, Set[str]] = {
    **dict.fromkeys((*STANDING, "case_extended"), STANDING),
    PAUSED: STANDING | {RESUMED},
    RESUMED: STANDING | {PAUSED},
    PROPOSAL: STANDING | {PROPOSAL},
    AGREED: {PROPOSAL},  # or not: he has answered it
    **dict.fromkeys(("case_result", "case_closed"), ON_THE_WAY),
}


def overtake(tx: Tx, knowledge: Knowledge, case: Case, by: str, at: datetime) -> None:
    """To be called before `by` is told, or put on the list of a person."""
    for task in deadlines.running(tx, case.number, "tell"):
        if task.detail.get("what") in OVERTAKES.get(by, ()):
            drop(tx, knowledge, task, at)


def drop(tx: Tx, knowledge: Knowledge, task: Deadline, at: datetime) -> None:
    if deadlines.void(tx, task, at, "overtaken"):
        put_on_record(tx, knowledge, task, at)


def fits(case: Case, what: str, round_: int) -> bool:
    """Is it still so? Once there is a result nothing is on its way, and a proposal is answered once."""
    if what not in ON_THE_WAY:
        return True
    asked = case.proposal is not None and case.proposal["agreed"] is None
    living = case.state in LIVING and case.round == round_
    return living and (what != PROPOSAL or (case.state is CaseState.PROPOSED and asked))
