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

_SENTENCE = re.compile(r"[^。！？!?\n；;]+[？?]?")
_CLAUSE = re.compile(r"(?<!说)(?<!讲)(?<!说过)[,，]|(?<=[^\d\s]) +(?=[^\d\s])")
_QUOTED = re.compile(r"[“「『\"][^“”「」『』\"]*[”」』\"]")
_CALM = re.compile(
    r"没问题|没关系|没事|不好意思|不客气|不出意外|不出所料|不管怎样|不超过|不晚于|不迟于|不久|差不多|特别|分别|个别|别的"
    r"|(?:别|不要|不用|不必|请勿)(?:太|再)?(?:着急|担心|急|客气)|请您?(?:放心|稍等|稍候|留意|耐心等待)"
)
_ASKED = r"请您|麻烦您|您可以|打(?:电话)?给您的"  # of the customer: no promise of ours
# his words, or what is past
_TOLD = r"您(?:刚才|刚刚|之前|上次|前面|是)*(?:说|讲|提到|反映|投诉)(?!的)|(?:昨天|前天|上次)(?!.*[今明后内])"
_NO = re.compile(rf"不|别|没|{_ASKED}|{_TOLD}")  # denied: in the clause itself, for 现在查不到 denies nothing beside it
_IF = re.compile(r"如果|若|要是")  # a condition of the whole sentence
_ASKING = re.compile(r"吗|是否|要不要|好不好|行不行|几点|什么时候|哪天|[?？]")  # and what stands before it
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
    known = [normalise(word) for word in words]
    for sentence in _SENTENCE.findall(text):
        read = _CALM.sub("", _QUOTED.sub("", normalise(sentence)))
        clauses = _CLAUSE.split(read)
        asked = max((place for place, one in enumerate(clauses) if _ASKING.search(one)), default=-1)
        ours = [clause for clause in clauses[asked + 1 :] if not _NO.search(clause)]
        promising = next((clause for clause in ours if any(word in clause for word in known)), None)
        if promising is None or _IF.search(read):
            continue
        dated = _WITHIN.search(promising) or _DAY.search(promising)
        due_at = due(promising if dated else ",".join(ours), at, calendar)
        if due_at is not None and due_at > at:
            return Promise(sentence.strip()[:200], due_at)
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
