"""An appeal is decided by somebody else than the first time, and a complaint by nobody who may be meant by it: whoever
has no interest in the matter (L1). `doubted`: who may be meant, as `Opening.doubted` finds them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.db import Tx
from bot.errors import Forbidden
from bot.tickets import store
from bot.tickets.model import Case, CaseEvent
from bot.tickets.recusal import Officer
from bot.tickets.recused import kept_from

LEFT = "owner_left"  # what the history calls it
DECIDING = frozenset({"investigate", "respond", "propose", "resolve"})  # acts that decide the matter


def leave(tx: Tx, before: Case, actor: str, at: datetime) -> None:
    """The appealed case goes back to the queue; who had it stands in its history, as who settled it does already."""
    if before.owner_user is not None:
        store.add_event(tx, before.number, CaseEvent(at, actor, LEFT, {"owner": before.owner_user}))


def check_hand(tx: Tx, case: Case, officer: Officer, doubted: Collection[str] = ()) -> None:
    """Who decided before decides again only where the case was given back to him. Raises Forbidden."""
    if case.owner_user == officer.username:
        return
    if officer.username in _left(tx, case):
        raise Forbidden(phrase="problem_case_review")
    if officer.username in doubted:
        raise Forbidden(phrase="problem_case_unsure")


def check_owner(
    tx: Tx, case: Case, officer: Officer, to: str, staff: Collection[str], doubted: Collection[str] = ()
) -> None:
    """May `officer` make `to` its owner? Who decided before only where a supervisor gives it to him, or nobody else is
    there. Raises Forbidden."""
    left = to in _left(tx, case)
    given = officer.username != to and officer.leads
    if not (left or to in doubted) or given:
        return
    if any(case.conversation_id not in kept_from(tx, user) for user in staff if user != to):
        raise Forbidden(phrase="problem_case_review" if left else "problem_case_unsure")


def may_decide(tx: Tx, case: Case, username: str, doubted: Collection[str] = ()) -> bool:
    """It is not kept from him, he is not the one who decided it before, and he may not be meant by it."""
    barred = case.owner_user != username and (username in doubted or username in _left(tx, case))
    return not barred and case.conversation_id not in kept_from(tx, username)


def owners(tx: Tx, case: Case) -> set[str]:
    """Whoever answers for it, or did in this round."""
    found = [case.owner_user]
    for event in store.events_of(tx, case.number):
        if event.action == "reopened":
            found = [case.owner_user]
        elif event.action in ("first_asked", "accepted"):
            found.append(event.actor)
        elif event.action in ("assigned", "passed_on"):
            found.append(event.detail.get("to"))
    return {user for user in found if user}


def _left(tx: Tx, case: Case) -> set[str]:
    """Who had it, or settled it, before an appeal."""
    left: set[str] = set()
    settled: set[str] = set()
    for event in store.events_of(tx, case.number):
        if event.action == LEFT:
            left.add(event.detail["owner"])
        elif event.action == "resolved":
            settled.add(event.actor)
        elif event.action == "reopened":
            left |= settled
    return left
