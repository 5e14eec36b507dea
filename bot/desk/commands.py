"""`qiantai agent` and `qiantai people`: who works at the desk."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass
from typing import Any

from bot.desk.people import People
from bot.desk.rights import ROLES


def add(parser: ArgumentParser) -> None:
    parser.add_argument("username")
    parser.add_argument("--name", required=True, help="as customers see it")
    parser.add_argument("--supervisor", action="store_true", help="the same as --role supervisor")
    parser.add_argument("--role", action="append", default=[], choices=ROLES, help="may be given more than once")


def add_people(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("list", help="who there is, with roles, skills and presence")
    for act, help_ in (
        ("disable", "nobody signs in under this name any more; his customers go back to the queue"),
        ("enable", "he may sign in again"),
        ("unlock", "forgive too many wrong passwords"),
        ("sessions", "where he is signed in"),
    ):
        acts.add_parser(act, help=help_).add_argument("username")
    end = acts.add_parser("end", help="end one of his sessions")
    end.add_argument("username")
    end.add_argument("session", help="as `sessions` names it")
    skills = acts.add_parser("skills", help="set his skills: ids of queues and lines in knowledge/escalation.yml")
    skills.add_argument("username")
    skills.add_argument("skills", nargs="*", metavar="SKILL")
    limit = acts.add_parser("limit", help="set how many customers he serves at once")
    limit.add_argument("username")
    limit.add_argument("limit", type=int)


def password() -> str:
    """Asked at the terminal, else the first line of standard input."""
    return getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def roles(arguments: Namespace) -> tuple[str, ...]:
    """Each once, in the order in which they were given."""
    return tuple(dict.fromkeys([*(["supervisor"] if arguments.supervisor else []), *arguments.role]))


def run(people: People, by: str, arguments: Namespace) -> None:
    """`qiantai agent`, or one act of `qiantai people`. Raises NotFound, InvalidInput."""
    act = "make" if arguments.command == "agent" else arguments.act
    if act == "make":
        people.replace(by, arguments.username, arguments.name, password(), roles(arguments))
    elif act == "list":
        for one in people.listed():
            print(line(one))
    elif act == "sessions":
        for one in people.sessions(arguments.username):
            print(f"{one['id']}  since {one['created_at']}  seen {one['seen_at']}  {one['browser'] or ''}".rstrip())
    elif act == "end":
        people.end(by, arguments.username, arguments.session)
    elif act in ("skills", "limit"):
        people.change(by, arguments.username, {act: getattr(arguments, act)})
    else:
        getattr(people, act)(by, arguments.username)


def line(one: dict[str, Any]) -> str:
    """mei  ready  agent,senior  skills consult,loan  limit 3  客服001"""
    state = "disabled" if one["disabled"] else "locked" if one["locked_until"] else one["presence"]
    roles, skills = ",".join(one["roles"]) or "agent", ",".join(one["skills"]) or "-"
    return f"{one['username']}  {state}  {roles}  skills {skills}  limit {one['limit']}  {one['name']}"
