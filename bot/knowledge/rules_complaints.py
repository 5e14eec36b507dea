"""What complaints.yml must say: each severity and each clock once, no limit that the regulator forbids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.knowledge.complaints import CLOCKS, Complaints
from bot.knowledge.files import Entry, Files
from bot.knowledge.problems import Problem
from bot.knowledge.vocabulary import SEVERITIES


def check_complaints(files: Files) -> Iterator[Problem]:
    for entry in files.all(Complaints):
        counted = Counter(str(sla.severity) for sla in entry.value.slas)
        for severity in SEVERITIES:
            if counted[severity] != 1:
                yield entry.problem(("slas",), f"“{severity}”的时限写了{counted[severity]}次", "每个级别正好一次")
        for i, sla in enumerate(entry.value.slas):
            if not (sla.first_response_wd or sla.first_response_h):
                allowed = "写 first_response_wd（工作日）或 first_response_h（小时）"
                yield entry.problem(("slas", i), "没有首次响应时限", allowed)
            if not (sla.resolution_wd or sla.resolution_h):
                yield entry.problem(("slas", i), "没有办结时限", "写 resolution_wd（工作日）或 resolution_h（小时）")
        yield from _clocks(entry)
        yield from _axes(entry)


def _clocks(entry: Entry[Complaints]) -> Iterator[Problem]:
    clocks = Counter(str(rule.kind) for rule in entry.value.clocks)
    for kind in CLOCKS:
        if clocks[kind] != 1:
            yield entry.problem(("clocks",), f"“{kind}”写了{clocks[kind]}次", "每一种时限正好一次")
    for i, rule in enumerate(entry.value.clocks):
        if rule.working_days is not None and rule.opens_working_days >= rule.working_days:
            yield entry.problem(("clocks", i), "开始的日子不早于截止的日子")
        if rule.apologise and not rule.promised.strip():
            yield entry.problem(("clocks", i), "超时要致歉，却没有写答应了客户什么", "写 promised，例如 答复您处理结果")
    for i, days in enumerate(entry.value.extensions):
        if not entry.value.cap_calendar_days < days <= 60:
            yield entry.problem(("extensions", i), f"延期到{days}天不合规", "多于法规上限，最多60天")


def _axes(entry: Entry[Complaints]) -> Iterator[Problem]:
    for i, axis in enumerate(entry.value.axes):
        for value, times in Counter(str(value.id) for value in axis.values).items():
            if times > 1:
                yield entry.problem(("axes", i), f"“{value}”写了{times}次")
    known = {(str(axis.id), str(value.id)) for axis in entry.value.axes for value in axis.values}
    for i, mapped in enumerate(entry.value.standard_codes):
        if (mapped.axis, mapped.value) not in known:
            yield entry.problem(("standard_codes", i), f"{mapped.axis} 里没有“{mapped.value}”")
