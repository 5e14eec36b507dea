"""An agent's words that promise something by a time: 明天下午给您回电 becomes a task with a date (002-03). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.calendar import WorkCalendar
from bot.clock import BEIJING, midnight
from bot.errors import CalendarMissing
from bot.text.entities import number
from bot.text.normalise import normalise

_CLAUSE = re.compile(r"[^。！？!?\n；;]+")
_CALM = re.compile(r"没问题|没关系|没事|不好意思|不客气|(?:别|不要|不用|不必|请勿)(?:太|再)?(?:着急|担心|急|客气)")
_NO = re.compile(r"不|别|没|如果|若|要是|请您|麻烦您|您可以")  # denied, or asked of the customer: no promise of ours
_N = r"\d{1,3}|[一二两三四五六七八九十]{1,3}"
_WITHIN = re.compile(rf"(半|{_N})\s*个?\s*(工作日|小时|钟头|分钟|天|日)(?:之?内|以内|后|之后)")
_DAY = re.compile(
    r"(今天|今晚|今日|明天|明日|明早|大后天|后天)|(下?)(?:周|星期|礼拜)([一二三四五六日天])|(\d{1,2})月(\d{1,2})[日号]"
)
_HOUR = re.compile(rf"(上午|早上|中午|下午|晚上|今晚)?\s*({_N})\s*[点时:：](半|\d{{1,2}})?")
_PART = {"早": time(12), "上午": time(12), "中午": time(14), "下午": time(18), "晚": time(22)}
_NAMED = {"今": 0, "明": 1, "大后": 3, "后": 2}
SOON = ("马上", "尽早", "稍后", "一会儿", "待会", "尽快", "随后")  # no date: the end of the day


@dataclass(frozen=True)
class Promise:
    text: str
    due_at: datetime


def promised(text: str, at: datetime, words: Iterable[str], calendar: WorkCalendar) -> Promise | None:
    """The first promise in it. `words`: how agents promise (complaints.yml). Without a time it is no task."""
    for clause in _CLAUSE.findall(text):
        read = normalise(clause)
        if not any(normalise(word) in read for word in words):
            continue
        if _NO.search(_CALM.sub("", read)):
            continue
        due_at = due(read, at, calendar)
        if due_at is not None:
            return Promise(clause.strip()[:200], due_at)
    return None


def due(read: str, at: datetime, calendar: WorkCalendar) -> datetime | None:
    """The latest moment that the words allow; None where they name none, or one that has passed."""
    at = at.astimezone(BEIJING)
    if (within := _WITHIN.search(read)) is not None:
        return _within(0.5 if within[1] == "半" else _number(within[1]), within[2], at, calendar)
    found = _DAY.search(read)
    day = _day(found, at.date()) if found else at.date()
    if day is None:
        return None
    hour = _HOUR.search(read)
    if hour is not None:
        moment = _moment(day, hour)
        if moment <= at and not hour[1] and moment.hour < 12:
            moment += timedelta(hours=12)  # 三点前给您回电, said at ten in the morning
    elif (part := next((end for word, end in _PART.items() if word in read.replace("尽早", "")), None)) is not None:
        moment = datetime.combine(day, part, BEIJING)
    elif found is not None or any(word in read for word in SOON):
        moment = datetime.combine(day, time(23, 59), BEIJING)
    else:
        return None
    return moment if moment > at else None


def _within(count: float, unit: str, at: datetime, calendar: WorkCalendar) -> datetime | None:
    if unit == "工作日":
        try:
            return calendar.end_of_working_day(at, max(int(count), 1))
        except CalendarMissing:
            return at + timedelta(days=count)
    if unit in ("天", "日"):
        return datetime.combine(at.date() + timedelta(days=int(count)), time(23, 59), BEIJING)
    return at + (timedelta(minutes=count) if unit == "分钟" else timedelta(hours=count))


def _day(found: re.Match[str], today: date) -> date | None:
    if found[1]:
        return today + timedelta(days=next(days for word, days in _NAMED.items() if found[1].startswith(word)))
    if found[3]:
        wanted = "一二三四五六日".index(found[3].replace("天", "日"))
        if found[2]:
            return today + timedelta(days=7 - today.weekday() + wanted)
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    try:
        day = date(today.year, int(found[4]), int(found[5]))
        return day if day >= today else day.replace(year=today.year + 1)
    except ValueError:
        return None


def _moment(day: date, hour: re.Match[str]) -> datetime:
    hours = _number(hour[2])
    if hour[1] in ("下午", "晚上", "今晚") and hours < 12:
        hours += 12
    minutes = 30 if hour[3] == "半" else int(hour[3] or 0)
    return midnight(day) + timedelta(hours=min(hours, 24), minutes=min(minutes, 59))


def _number(text: str) -> int:
    return int(number(text) or 0)
