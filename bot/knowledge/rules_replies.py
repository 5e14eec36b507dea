"""What quick replies must keep to: blanks that can be filled, no figures without a source, and a greeting."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.escalation import Escalation
from bot.knowledge.files import Files
from bot.knowledge.problems import Problem, one_of
from bot.knowledge.replies import AGENT, Reply
from bot.knowledge.rules_scripts import MAX_TEXT, RAW_FIGURE
from bot.knowledge.templates import blanks, stray_braces, without_blanks
from bot.knowledge.vocabulary import BANK_BLANKS

FILLED = BANK_BLANKS | {AGENT}


def check_replies(files: Files) -> Iterator[Problem]:
    known = {code for rules in files.values(Escalation) for code in rules.reasons}
    for entry in files.all(Reply):
        text = entry.value.text
        if len(text) > MAX_TEXT:
            yield entry.problem(("text",), f"太长：{len(text)}个字", f"最多{MAX_TEXT}个字")
        for name in blanks(text):
            if name not in FILLED:
                yield entry.problem(("text",), f"没有 {{{name}}} 可以填", one_of(FILLED, name))
        if stray_braces(text):
            yield entry.problem(("text",), "花括号没有成对，或里面的名称写法不对", "写成 {agent} 这样")
        for place, code in enumerate(entry.value.reasons):
            if code not in known:
                yield entry.problem(("reasons", place), f"没有这个转人工原因：{code}", one_of(known, code))
        for match in RAW_FIGURE.finditer(without_blanks(text)):
            allowed = "常用语不写金额、利率、时限：这些在话术里，有出处和日期"
            yield entry.problem(("text",), f"直接写了数字“{match[0]}”", allowed)
    if files.whole(Reply) and not any("claim" in one.when and not one.reasons for one in files.values(Reply)):
        yield Problem("replies.yml", 1, "", "没有接入时的问候语", "至少一条写 when: [claim]，不写 reasons")
