"""The table of rights, held against what the bank has decided, line by line."""

from __future__ import annotations

import pytest

from bot.desk.rights import ROLES, WHO, Act, may, rights

#                 desk serve read_any take_over override wall skills people audit
DECIDED = {
    "":           (1,  1,    0,       0,        0,       0,    0,     0,     0),  # no role: an agent
    "agent":      (1,  1,    0,       0,        0,       0,    0,     0,     0),
    "senior":     (1,  1,    0,       0,        0,       0,    0,     0,     0),
    "complaints": (1,  1,    0,       0,        0,       0,    0,     0,     0),
    "supervisor": (1,  1,    1,       1,        1,       1,    1,     0,     0),
    "quality":    (1,  0,    1,       0,        0,       1,    0,     0,     0),  # reads, talks with nobody
    "head":       (1,  1,    0,       0,        0,       1,    0,     0,     1),
    "admin":      (1,  0,    0,       0,        0,       0,    1,     1,     1),  # reads no words
}  # fmt: skip


@pytest.mark.parametrize("role", DECIDED)
def test_each_role_has_what_was_decided(role: str) -> None:
    roles = (role,) if role else ()
    assert tuple(int(may(roles, act)) for act in Act) == DECIDED[role]
    assert rights(roles) == [act.value for act, has in zip(Act, DECIDED[role], strict=True) if has]


def test_the_table_knows_every_act_and_role_and_nothing_else() -> None:
    assert set(WHO) == set(Act)
    assert set(DECIDED) - {""} == set(ROLES) == set().union(*WHO.values())


def test_several_roles_add_up() -> None:
    assert may(("quality", "agent"), Act.SERVE) and may(("quality", "agent"), Act.READ_ANY)


def test_a_role_that_nobody_knows_gives_nothing() -> None:
    assert rights(("king",)) == []
