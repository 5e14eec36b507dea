"""`qiantai knowledge ...`: what those who keep knowledge/ ask of it. What they read goes to standard output.

`show` stands in bot.conversation.showing: it speaks through the guard, a floor above; `reload` needs the database.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path

from bot.clock import Clock, today
from bot.errors import InvalidInput
from bot.knowledge.check import main as check
from bot.knowledge.diff import difference
from bot.knowledge.editing import replace_file
from bot.knowledge.expiring import endings
from bot.knowledge.exporting import page
from bot.knowledge.importing import import_rates, still_samples
from bot.knowledge.loading import load

CHANNELS = ("web", "wechat")


def add(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("check", help="检查话术和资料").add_argument("path", nargs="?", type=Path)
    diff = acts.add_parser("diff", help="两个日期之间客户看到的有什么不同")
    diff.add_argument("first", type=day, metavar="日期1")
    diff.add_argument("second", type=day, metavar="日期2")
    expiring = acts.add_parser("expiring", help="快到期的，以及由什么接替；有没人接替的，退出码 1")
    expiring.add_argument("--days", type=_days, default=30, help="看多少天以内，默认 30")
    show = acts.add_parser("show", help="某一天会怎样回答客户，连同必须提示；不写名字就列出全部")
    show.add_argument("name", nargs="?", metavar="问题类型或话术编号")
    show.add_argument("--date", type=day, help="默认今天")
    show.add_argument("--product", help="产品编号")
    show.add_argument("--channel", choices=CHANNELS, default="web")
    acts.add_parser("unconfirmed", help="还要合规部门确认的必须提示")
    rates = acts.add_parser("import-rates", help="从 CSV 导入数字：id,value,as_of[,source,authority]")
    rates.add_argument("file", type=Path, metavar="表.csv")
    rates.add_argument("--dry-run", action="store_true", help="只看会改什么，不写入")
    rates.add_argument("--force", action="append", default=[], metavar="编号", help="核对过的大幅变动，可以写多次")
    acts.add_parser("reload", help="让运行中的服务换上现在的内容；有错就不换，退出码 1")
    export = acts.add_parser("export", help="一个主题的话术，打印出来审批签字")
    export.add_argument("topic", metavar="主题")
    export.add_argument("-o", dest="output", type=Path, required=True, metavar="文件.html")


def run(arguments: Namespace, root: Path, clock: Clock) -> int:
    """Everything but `show` and `reload`. 0: done, and nothing to worry about."""
    now = today(clock)
    if arguments.act == "check":
        return check([str(root)], clock)
    if arguments.act == "import-rates":
        return _import_rates(root, arguments.file, now, arguments.force, arguments.dry_run)
    if arguments.act == "diff":
        print("\n".join(difference(load(root), arguments.first, arguments.second)))
        return 0
    if arguments.act == "expiring":
        return _expiring(root, now, arguments.days)
    if arguments.act == "export":
        return _export(root, arguments.topic, now, arguments.output)
    return _unconfirmed(root, now)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是日期，写成 2026-11-22 这样") from None


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > 3650:
        raise ArgumentTypeError(f"“{text}”不是 0 到 3650 的整数")
    return int(text)


def _expiring(root: Path, today: date, days: int) -> int:
    found = endings(load(root), today, days)
    for ending in found:
        print(ending)
    alarming = sum(ending.alarming for ending in found)
    print(f"{today} 起 {days} 天内到期 {len(found)} 项，没有接替的 {alarming} 项。")
    return 1 if alarming else 0


def _unconfirmed(root: Path, today: date) -> int:
    knowledge = load(root).on(today)
    waiting = [d for d in knowledge.disclosures.values() if not d.confirmed]
    for disclosure in waiting:
        state = "今天在用" if disclosure.in_force(today) else "今天不在有效期内"
        carrying = sum(
            script.valid_on(today)
            and (disclosure.id in script.disclosures or bool(set(disclosure.topics) & set(script.topics)))
            for script in knowledge.scripts.values()
        )
        print(f"{disclosure.id}（{disclosure.title}，第{disclosure.version}版）{state}，{carrying} 条话术带着它")
        print(f"  主题：{'、'.join(disclosure.topics)}\n  原文：{disclosure.text}\n  依据：{disclosure.legal_basis}")
    print(f"待合规确认 {len(waiting)} 条，共 {len(knowledge.disclosures)} 条。")
    return 0


def _import_rates(root: Path, file: Path, today: date, forced: list[str], dry_run: bool) -> int:
    try:
        outcome = import_rates(root, file, today, forced, dry_run)
    except OSError as error:
        raise InvalidInput(f"{error.filename}: {error.strerror}") from None
    for problem in outcome.problems:
        print(f"错误  {problem}")
    if outcome.problems:
        print(f"共 {len(outcome.problems)} 处错误，什么都没有写入。")
        return 1
    for change in outcome.changes:
        print(change)
    done = "会改" if dry_run else "改了"
    print(f"{done} {len(outcome.changes)} 个数字，和原来一样的 {outcome.unchanged} 个。")
    if samples := still_samples(outcome.changes):
        print(f"仍标着样例（sample: true），换成真实数字后请删去：{'、'.join(samples)}")
    return 0


def _export(root: Path, topic: str, today: date, output: Path) -> int:
    content = page(load(root), topic, today)
    try:
        replace_file(output, content.encode("utf-8"))
    except OSError as error:
        raise InvalidInput(f"{output}: {error.strerror}") from None
    print(f"已写入 {output}，用浏览器打开后打印。")
    return 0
