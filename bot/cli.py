"""`qiantai`: everything an operator does. `qiantai COMMAND --help` tells more."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

from bot import logs, settings
from bot.errors import ConfigurationError, QiantaiError

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.db import Database


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="qiantai", description="前台：银行自己运行的智能客服")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="start the server (database migrated, model loaded)")
    commands.add_parser("migrate", help="bring the database to the newest migration")
    _add_knowledge(commands)
    train = commands.add_parser("train", help="train the model if what it learns from has changed")
    train.add_argument("--force", action="store_true")
    _add_evaluate(commands.add_parser("evaluate", help="how well the model understands labelled lines"))
    commands.add_parser("verify", help="check the hash chain of every conversation")
    evidence = commands.add_parser("evidence", help="what was said in one message, from what, approved by whom")
    evidence.add_argument("message", help="CONVERSATION:SEQ, or the number of a complaint: the message that opened it")
    evidence.add_argument("--json", action="store_true", help="for machines")
    _add_desk(commands)
    _add_wechat(commands.add_parser("wechat", help="the Official Account: check it, link a customer, a sample menu"))
    _add_incidents(commands)
    _add_survey(commands.add_parser("survey", help="满意度：一个月的分数，按方面、按渠道"))
    arguments = parser.parse_args(argv)
    logs.configure()
    try:
        return int(_COMMANDS[arguments.command](arguments) or 0)
    except QiantaiError as error:
        print(f"qiantai: {error.message}", file=sys.stderr)
        return 1


def _add_desk(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from bot.desk.commands import add, add_people

    add(commands.add_parser("agent", help="create an agent, or give one a new password"))
    add_people(commands.add_parser("people", help="accounts: list, disable, unlock, sessions, skills, limit"))


def _add_wechat(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    check = acts.add_parser("check", help="what works and what does not, and what to do about it")
    check.add_argument("--public-url", help="where the platform reaches us, e.g. https://chat.bank.example")
    link = acts.add_parser("link", help="a signed link that binds a web conversation to a WeChat customer")
    link.add_argument("openid", help="the customer at the account; - reads it from standard input")
    acts.add_parser("menu", help="a sample menu as JSON, to be uploaded at the platform")


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    from bot.nlu.evaluation.command import add

    add(parser)


def _add_knowledge(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from bot.knowledge.commands import add

    check = commands.add_parser("check-knowledge", help="the same as `knowledge check`")
    check.add_argument("path", nargs="?", type=Path)
    check.set_defaults(act="check")
    add(commands.add_parser("knowledge", help="话术和资料：检查、比较、到期、查看、导入、导出"))


def _add_incidents(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from bot.conversation.commands import add_what

    stopping = commands.add_parser("stop", help="stop one script, one topic or the whole bot, at once")
    add_what(stopping)
    stopping.add_argument("--why", required=True, help="stands in the record, and agents read it")
    stopping.add_argument("--until", help="18:00, 2026-11-22 18:00, or with offset; without it until resume")
    add_what(commands.add_parser("resume", help="end a stop"))
    commands.add_parser("stops", help="what is stopped and what was, by whom and why")


def _add_survey(parser: argparse.ArgumentParser) -> None:
    from bot.conversation.survey.command import add

    add(parser)


def serve(_: argparse.Namespace) -> None:
    from bot.serve import serve as run

    run(settings.from_env())


def migrate(_: argparse.Namespace) -> None:
    from bot.db import Database
    from bot.migrate import upgrade

    upgrade(Database(settings.from_env().database_url))


def knowledge(arguments: argparse.Namespace) -> int:
    from bot.clock import SystemClock, today
    from bot.knowledge import commands

    clock, root = SystemClock(), getattr(arguments, "path", None) or settings.from_env().knowledge
    if arguments.act == "show":
        return _show(arguments, root, arguments.date or today(clock))
    if arguments.act == "reload":
        return _reload(clock)
    code = commands.run(arguments, root, clock)
    if arguments.act == "check" and code == 0 and (url := settings.public_url()):
        from bot.conversation.survey.links import check_host

        check_host(url, commands.load(root).bank.domains)
    return code


def _reload(clock: Clock) -> int:
    from threading import Event

    from bot.knowledge.reload_command import reload

    return reload(_migrated(settings.from_env().database_url), clock, getuser(), Event().wait)


def _show(arguments: argparse.Namespace, root: Path, day: date) -> int:
    from bot.channels.wechat.showing import messages
    from bot.conversation.showing import show
    from bot.knowledge import load

    said = load(root)
    form = partial(messages, said) if arguments.channel == "wechat" else None
    show(said, arguments.name, arguments.product, day, form)
    return 0


def train(arguments: argparse.Namespace) -> int:
    from bot.compliance.learning import reader_at
    from bot.knowledge import load
    from bot.nlu.train import main as run

    done = int(run(["--force"] if arguments.force else []) or 0)
    given = settings.from_env()
    print(f"reader: {reader_at(given.models, load(given.knowledge)).name} reads what people type")
    return done


def evaluate(arguments: argparse.Namespace) -> int:
    from bot.assistant.judging import product
    from bot.clock import SystemClock, today
    from bot.knowledge import load
    from bot.nlu.evaluation import command

    given, clock = settings.from_env(), SystemClock()
    said = load(given.knowledge).on(today(clock))
    if arguments.act == "choices":
        from bot.conversation.choices import all_chosen

        for one in all_chosen(_migrated(given.database_url), said):
            print(one)
        return 0
    return command.run(arguments, given.models, frozenset(said.intents), product(said, clock), clock)


def verify(_: argparse.Namespace) -> int:
    from bot.db import Database

    whole = broken = 0
    for conversation_id, seq in chains(Database(settings.from_env().database_url)):
        if seq is None:
            whole += 1
        else:
            broken += 1
            print(f"conversation {conversation_id}: the chain breaks at {seq}")
    print(f"{whole + broken} conversations, {broken} broken")
    return 1 if broken else 0


def chains(db: Database) -> Iterator[tuple[str, int | None]]:
    """Every conversation, and where its chain breaks. One transaction each: customers write meanwhile."""
    from bot.conversation import store

    with db.transaction() as tx:
        ids = store.all_ids(tx)
    for conversation_id in ids:
        with db.transaction() as tx:
            seq = store.broken_at(tx, conversation_id)
        yield conversation_id, seq


def evidence(arguments: argparse.Namespace) -> None:
    """Without a house: the record speaks, whatever knowledge/ says today."""
    from bot.clock import SystemClock
    from bot.db import Database
    from bot.evidence.command import show

    show(Database(settings.from_env().database_url), SystemClock(), arguments.message, arguments.json)


def people(arguments: argparse.Namespace) -> None:
    """`agent` too, which is older."""
    from bot.desk.commands import run
    from bot.evidence.command import operator
    from bot.wiring import build

    run(build(settings.from_env()).people, operator(), arguments)


def wechat(arguments: argparse.Namespace) -> int:
    from bot.channels.wechat import commands
    from bot.wiring import build

    house = build(settings.from_env())
    if arguments.act == "check":
        return commands.check(house, arguments.public_url or house.settings.public_url)
    if arguments.act == "link":
        commands.link(house, sys.stdin.readline().strip() if arguments.openid == "-" else arguments.openid)
    else:
        commands.menu(house)
    return 0


def stop(arguments: argparse.Namespace) -> None:
    """Without a house: a stop must be possible while knowledge/ is broken."""
    from bot.clock import SystemClock
    from bot.conversation import commands
    from bot.knowledge.loading import try_load

    given = settings.from_env()
    commands.checked(arguments.kind, arguments.subject, try_load(given.knowledge)[0])
    db = _migrated(given.database_url)
    commands.stop(db, SystemClock(), arguments.kind, arguments.subject, arguments.why, arguments.until, getuser())


def resume(arguments: argparse.Namespace) -> None:
    from bot.clock import SystemClock
    from bot.conversation import commands

    db = _migrated(settings.from_env().database_url)
    commands.resume(db, SystemClock(), arguments.kind, arguments.subject, getuser())


def stops(_: argparse.Namespace) -> None:
    from bot.clock import SystemClock
    from bot.conversation import commands

    commands.listed(_migrated(settings.from_env().database_url), SystemClock())


def survey(arguments: argparse.Namespace) -> None:
    from bot.clock import SystemClock
    from bot.conversation.survey.command import show
    from bot.knowledge import load

    given = settings.from_env()
    said = load(given.knowledge)
    show(_migrated(given.database_url), said, SystemClock(), arguments.month, arguments.words)


def _migrated(url: str) -> Database:
    from bot.db import Database
    from bot.migrate import is_current

    db = Database(url)
    if not is_current(db):
        raise ConfigurationError("the database is not migrated: run `qiantai migrate`")
    return db


_COMMANDS = {
    "serve": serve,
    "migrate": migrate,
    "check-knowledge": knowledge,
    "knowledge": knowledge,
    "train": train,
    "evaluate": evaluate,
    "verify": verify,
    "evidence": evidence,
    "agent": people,
    "people": people,
    "wechat": wechat,
    "stop": stop,
    "resume": resume,
    "stops": stops,
    "survey": survey,
}

if __name__ == "__main__":
    sys.exit(main())
