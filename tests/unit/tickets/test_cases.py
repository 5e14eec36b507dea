"""Where a case may go (design: "States of a conversation", case line; 002-11: no step is skipped)."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.errors import Conflict
from bot.tickets.model import CaseState, Kind, allowed_next, check_move

S = CaseState
WAY = [S.NEW, S.ACCEPTED, S.ASSIGNED, S.INVESTIGATING, S.PROPOSED, S.RESOLVED, S.CLOSED, S.REOPENED]
ALLOWED = {
    *pairwise(WAY),
    (S.PROPOSED, S.INVESTIGATING),  # the customer does not agree with the proposal
    (S.RESOLVED, S.REOPENED),  # he objects at once
    (S.REOPENED, S.ASSIGNED),  # an appeal is handled like a new case
    *((state, S.WITHDRAWN) for state in WAY if state is not S.CLOSED),
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("to", list(S))
def test_a_complaint_goes_its_way_step_by_step(state: CaseState, to: CaseState) -> None:
    if (state, to) in ALLOWED:
        check_move(Kind.COMPLAINT, state, to)
    else:
        with pytest.raises(Conflict):
            check_move(Kind.COMPLAINT, state, to)


def test_who_is_refused_hears_what_is_allowed() -> None:
    with pytest.raises(Conflict) as caught:
        check_move(Kind.COMPLAINT, S.NEW, S.CLOSED)
    assert caught.value.extra["allowed"] == ["ACCEPTED", "WITHDRAWN"]


def test_a_callback_is_called_or_withdrawn_and_has_no_investigation() -> None:
    assert allowed_next(Kind.CALLBACK, S.NEW) == {S.ASSIGNED, S.CLOSED, S.WITHDRAWN}
    assert allowed_next(Kind.CALLBACK, S.ASSIGNED) == {S.CLOSED, S.WITHDRAWN}
    assert not allowed_next(Kind.CALLBACK, S.CLOSED)
