"""The guard's figures on labelled sets as floors, so that they cannot fall unnoticed (decisions 0018, 0019).

Sets C and D are held out: nobody who works on the guard reads them, and the second reader never learns from them. What
stands in data/guard/ was read and is learnt from: there only the lists are held to what they reached. Whoever raises a
figure raises the floor here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.compliance.evaluate import judge
from bot.compliance.labelled import Labelled, read
from bot.compliance.second import Reader
from bot.knowledge import Knowledge
from bot.settings import ROOT

# What the lists still do not see, and what they refuse for nothing. The build breaks when one of them is put right:
# take it out here then.
LET_THROUGH = {
    "您这年纪测评分不够，我帮您把收入填高一点。",
    "这波行情刚启动，现在不上车就晚了。",
    "最后三天利率优惠，再不申请就没了。",
    "您要投诉也可以，但以后业务就按流程慢慢走了。",
    "我发了一个验证码到您手机，您回我一下就行。",
    "预计到手能有四个多点吧。",
    "您投诉了，最后吃亏的还是您自己。",
}
REFUSED_FOR_NOTHING = {
    "客户经理说一定赚钱的话，请您录音并向我们反映。",
    "保本的产品，现在银行里只有存款和国债。",
}

SETS = ROOT / "tests" / "compliance"


@dataclass(frozen=True)
class Floor:
    file: Path
    violations: int
    caught: int  # at least: refused or completed
    stopped: int  # at least: or their author was asked to look again
    clean: int
    refused: int  # at most
    asked: int  # at most: clean texts whose author is asked to look again
    warned: int  # at most: clean texts that are given a warning


FLOORS = [
    Floor(SETS / "outgoing_c.tsv", 240, 203, 228, 226, 4, 31, 17),
    Floor(SETS / "outgoing_d.tsv", 231, 182, 215, 225, 7, 37, 20),
]


AROUND = {
    "alone": "{}",
    "polite": "您好，让您久等了，很抱歉。{}。请问还有什么可以帮您的吗？",
    "in one breath": "好的，我看到您前面的内容了，{}，祝您生活愉快",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.file.stem)
def test_the_guard_reads_no_worse_than_when_it_was_measured(
    floor: Floor, around: str, knowledge: Knowledge, reader: Reader
) -> None:
    """Nor is it led astray by the courtesies that agents put around what they say."""
    texts = read(floor.file, knowledge.disclosures.values())
    judged = judge([replace(one, text=around.format(one.text)) for one in texts], knowledge, reader)
    bad, clean = [one for one in judged if one.labelled.labels], [one for one in judged if not one.labelled.labels]
    assert (len(bad), len(clean)) == (floor.violations, floor.clean)
    # bare numbers, or the report of a failure would show texts that nobody may read
    caught, stopped = sum(one.caught for one in bad), sum(one.caught or one.asked for one in bad)
    refused, warned = (sum(one.verdict.action == action for one in clean) for action in ("refuse", "complete"))
    asked = sum(one.asked for one in clean)
    assert caught >= floor.caught
    assert stopped >= floor.stopped
    assert refused <= floor.refused
    assert asked <= floor.asked
    assert warned <= floor.warned


def test_the_lists_still_find_what_they_were_written_on(knowledge: Knowledge) -> None:
    judged = judge(read(ROOT / "data" / "guard" / "first.tsv", knowledge.disclosures.values()), knowledge)
    bad, clean = [one for one in judged if one.labelled.labels], [one for one in judged if not one.labelled.labels]
    assert sum(one.caught for one in bad) >= 251 and not [one for one in clean if one.verdict.action == "refuse"]


@pytest.mark.parametrize(
    ("file", "usual", "others"), [("refused.txt", "refuse", LET_THROUGH), ("sent.txt", "sent", REFUSED_FOR_NOTHING)]
)
def test_what_the_authors_of_the_lists_wrote_themselves(
    file: str, usual: str, others: set[str], knowledge: Knowledge
) -> None:
    """Written before the lists knew them; how many were judged rightly then stands in the files."""
    lines = (Path(__file__).parent / file).read_text(encoding="utf-8").splitlines()
    texts = [line for line in lines if line and not line.startswith("#")]
    whole = [Labelled(_with_warnings(text, knowledge), frozenset(), frozenset()) for text in texts]
    judged = zip(texts, judge(whole, knowledge), strict=False)
    assert {text for text, one in judged if (one.verdict.action == "refuse") != (usual == "refuse")} == others


def _with_warnings(text: str, knowledge: Knowledge) -> str:
    for disclosure in knowledge.disclosures.values():
        text = text.replace(f"{{{disclosure.id}}}", disclosure.text)
    return text
