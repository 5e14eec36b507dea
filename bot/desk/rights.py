"""Who may do what at the desk: one table, read by the API, the console's page and the tests.

What somebody may do with a case depends on the case, and stands in `tickets.recusal`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum

AGENT, SENIOR, SUPERVISOR, QUALITY, ADMIN = "agent", "senior", "supervisor", "quality", "admin"
COMPLAINTS, HEAD = "complaints", "head"  # 投诉处理组、负责人
ROLES = (AGENT, SENIOR, SUPERVISOR, QUALITY, ADMIN, COMPLAINTS, HEAD)


class Act(str, Enum):
    DESK = "desk"  # be signed in, read scripts, look after cases as far as they are his
    SERVE = "serve"  # see who waits, be offered customers, talk with them
    READ_ANY = "read_any"  # conversations that are neither waiting nor his; each reading goes on record
    TAKE_OVER = "take_over"  # look over a colleague's shoulder, and take what he holds, with a reason
    OVERRIDE = "override"  # send what the guard refuses, with a reason
    WALL = "wall"  # see how the whole desk stands, and its days in figures
    SKILLS = "skills"  # see who works here; change their skills and limits
    PEOPLE = "people"  # accounts, roles, passwords, sessions
    AUDIT = "audit"  # read who did what


WHO: Mapping[Act, frozenset[str]] = {
    Act.DESK: frozenset(ROLES),
    Act.SERVE: frozenset({AGENT, SENIOR, COMPLAINTS, SUPERVISOR, HEAD}),
    Act.READ_ANY: frozenset({SUPERVISOR, QUALITY}),
    Act.TAKE_OVER: frozenset({SUPERVISOR}),
    Act.OVERRIDE: frozenset({SUPERVISOR}),
    Act.WALL: frozenset({SUPERVISOR, QUALITY, HEAD}),
    Act.SKILLS: frozenset({SUPERVISOR, ADMIN}),
    Act.PEOPLE: frozenset({ADMIN}),
    Act.AUDIT: frozenset({ADMIN, HEAD}),
}


def may(roles: Collection[str], act: Act) -> bool:
    """An account without roles is an agent's."""
    return not WHO[act].isdisjoint(roles or (AGENT,))


def rights(roles: Collection[str]) -> list[str]:
    """The acts that are open to these roles, in the table's order."""
    return [act.value for act in WHO if may(roles, act)]
