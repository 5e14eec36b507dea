"""What must stand before a case is settled: the customer's word on the proposal, and who leads so grave a case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from bot.db import Tx
from bot.errors import Forbidden, InvalidInput
from bot.tickets import review, store
from bot.tickets.model import Case, CaseEvent
from bot.tickets.recusal import Officer

InRole = Callable[[Tx, Collection[str]], Collection[str]]  # who works here in one of these roles
ABOVE: Mapping[str, tuple[str, ...]] = {"supervisor": ("supervisor", "head"), "head": ("head",)}


def check_agreement(tx: Tx, case: Case, officer: Officer, at: datetime, reason: str) -> None:
    """Settled without the customer's yes only with the reason, which stands in the history (001-17).

    Raises InvalidInput.
    """
    if case.proposal is not None and case.proposal["agreed"]:
        return
    if not reason:
        raise InvalidInput("has he agreed?", phrase="problem_case_agreement", field="no_agreement")
    store.add_event(tx, case.number, CaseEvent(at, officer.username, "unagreed", {"reason": reason}))


def check_lead(
    tx: Tx, case: Case, officer: Officer, role: str | None, in_role: InRole, doubted: Collection[str] = ()
) -> None:
    """So grave a case is settled by whom complaints.yml names (000-70, 001-12). Where nobody of them may, since it is
    kept from him, he decided it before or may be meant (`doubted`), by who stands next, so that it never lies still.
    Raises Forbidden."""
    for roles in (ABOVE[role], ABOVE["supervisor"]) if role else ():
        if officer.has(*roles):
            return
        if any(review.may_decide(tx, case, user, doubted) for user in in_role(tx, roles)):
            raise Forbidden(phrase=f"problem_case_led_by_{role}")
