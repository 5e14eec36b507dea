"""Times, hours of the day, counts and round sums as people say them: 三五天, 一周, 下午五点半, 五万, 免费. Pure.

One kind of quantity is told in many units, so each is brought to one: durations to hours (a working day counts as a
day), hours of the day to minutes since midnight, sums to yuan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.text.entities import number
from bot.text.normalise import normalise

DURATION, CLOCK, COUNT, SUM, RATE = "duration", "clock", "count", "sum", "rate"

_N = r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[零一二两俩三四五六七八九十百千]+)"
_HOURS = {
    "秒": Decimal(1) / 3600, "分钟": Decimal(1) / 60, "分": Decimal(1) / 60, "小时": Decimal(1), "钟头": Decimal(1),
    "h": Decimal(1), "天": Decimal(24), "日": Decimal(24), "工作日": Decimal(24), "周": Decimal(24 * 7),
    "星期": Decimal(24 * 7), "礼拜": Decimal(24 * 7), "月": Decimal(720), "年": Decimal(8640),
}  # fmt: skip
_DURATION = re.compile(
    rf"(?P<n>{_N}|半)(?P<half>个半)?\s*个?\s*(?P<u>工作日|分钟|小时|钟头|星期|礼拜|秒|天|周|月|年|h(?![a-z])|日(?![期累]))(?P<more>半)?"
)
_CLOCK = re.compile(
    rf"(?P<p>早上|上午|中午|下午|晚上|傍晚|夜里)?(?P<h>{_N})(?:(?::|点)(?P<m>\d\d|半|一刻|三刻)|点钟?(?!\d))(?![个的]百分点)"
)
_COUNT = re.compile(rf"(?P<n>{_N})\s*(?:次|笔)(?!性)")
_SUM = re.compile(rf"(?P<n>{_N})(?:来|多)?\s*(?P<w>万|w)?\s*(?P<u>元|块钱|块|美元|美金)?")
_FREE = re.compile(r"免费|(?<!收)不收费|(?<!要)不要钱|不收钱|免手续费|不用钱|零费用")
_AT_ONCE = re.compile(r"(?:当天|当日|当场)(?!的|在|柜|值班|经办|情况|监控|录|记录|流水|现场)|头天")  # no 当天的录像
_TENTHS = re.compile(rf"(?P<n>{_N})成(?![交功为人立果本])")
_NO_FIGURE = re.compile(
    r"《[^》]*》|\d{4}-\d\d-\d\d|\d{4}年\d{1,2}月\d{1,2}[日号]|\d{4}\.\d{1,2}\.\d{1,2}|24小时(?:专线|热线|客服|在线|挂失)|7x24"
)
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}
_LATE = ("下午", "晚上", "傍晚", "夜里")
_ROUND = re.compile(r"[百千万]|00$")


@dataclass(frozen=True)
class Quantity:
    """`values`: what it may mean (五点 is 5:00 or 17:00), in the unit of its kind."""

    kind: str
    values: frozenset[Decimal]
    start: int
    end: int


def quantities(text: str) -> list[Quantity]:
    """In order; what is told of a source (its title, its date) is none."""
    read = _NO_FIGURE.sub(lambda m: " " * len(m[0]), normalise(text))
    found: dict[int, Quantity] = {}
    readers = (_durations, _clocks, _counts, _tenths, _free, _sums)
    for one in (one for reader in readers for one in reader(read)):
        if not any(known.start < one.end and one.start < known.end for known in found.values()):
            found[one.start] = one
    return [found[start] for start in sorted(found)]


def _durations(text: str) -> Iterator[Quantity]:
    for m in _DURATION.finditer(text):
        count = Decimal("0.5") if m["n"] == "半" else number(m["n"])
        if count is None or text[max(0, m.start() - 1) : m.start()] in ("第", "每", "这", "那"):
            continue
        if m["u"] == "月" and not (m["half"] or "个" in m[0] or m["n"] == "半"):  # 9月 is a month of the year
            continue
        count += Decimal("0.5") if m["half"] or m["more"] else 0
        values = {count * _HOURS[m["u"]]}
        if len(m["n"]) == 2 and all(c in "二两三四五六七八九" for c in m["n"]):  # 三五天
            values = {Decimal(number(c) or 0) * _HOURS[m["u"]] for c in m["n"]}
        yield Quantity(DURATION, frozenset(values), m.start(), m.end())

    for m in _AT_ONCE.finditer(text):
        yield Quantity(DURATION, frozenset({Decimal(0)}), m.start(), m.end())


def _tenths(text: str) -> Iterator[Quantity]:
    for m in _TENTHS.finditer(text):
        if (count := number(m["n"])) is not None:
            yield Quantity(RATE, frozenset({count * 10}), m.start(), m.end())


def _clocks(text: str) -> Iterator[Quantity]:
    for m in _CLOCK.finditer(text):
        hour = number(m["h"])
        if hour is None or hour > 24 or hour != int(hour):
            continue
        minutes = _QUARTERS.get(m["m"] or "", 0) if not (m["m"] or "").isdigit() else int(m["m"])
        morning = Decimal(int(hour) * 60 + minutes)
        later = morning + 720 if hour < 12 else morning
        values = {later} if m["p"] in _LATE else {morning} if m["p"] or hour > 12 or ":" in m[0] else {morning, later}
        yield Quantity(CLOCK, frozenset(values), m.start(), m.end())


def _counts(text: str) -> Iterator[Quantity]:
    for m in _COUNT.finditer(text):
        if (count := number(m["n"])) is not None and text[max(0, m.start() - 1) : m.start()] not in ("第", "每", "这"):
            yield Quantity(COUNT, frozenset({count}), m.start(), m.end())


def _free(text: str) -> Iterator[Quantity]:
    for m in _FREE.finditer(text):
        yield Quantity(SUM, frozenset({Decimal(0)}), m.start(), m.end())


def _sums(text: str) -> Iterator[Quantity]:
    """With a unit of money, or round: 五万, 两千, 5000."""
    for m in _SUM.finditer(text):
        value = number(m["n"])
        if value is None or not (m["u"] or m["w"] or _ROUND.search(m["n"])):
            continue
        yield Quantity(SUM, frozenset({value * (10_000 if m["w"] else 1)}), m.start(), m.end())


def kind_and_values(said: str) -> tuple[str, frozenset[Decimal]] | None:
    """Of a figure as it is shown: 3个工作日, 09:00—17:00, 6次, 5万元. None where it is no quantity of these kinds."""
    if "%" in said:
        return RATE, frozenset(Decimal(found) for found in re.findall(r"\d+(?:\.\d+)?", said))
    kinds: dict[str, set[Decimal]] = {}
    for one in quantities(said):
        kinds.setdefault(one.kind, set()).update(one.values)
    for kind in (CLOCK, DURATION, COUNT, SUM):
        if kind in kinds:
            return kind, frozenset(kinds[kind])
    return None
