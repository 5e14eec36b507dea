"""`make demo-complaint`: one complaint from the chat to the last confirmation, played in the terminal.

Three weeks in a minute: the product runs as it is, on a clock that the play moves; only the model is left out, so that
nothing has to be trained. It ends with 1 when anything is otherwise than the play says.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from complaint.stage import Stage, Unmet, expect
from support import make_house

from bot import knowledge
from bot.clock import BEIJING, FrozenClock
from bot.errors import QiantaiError
from bot.settings import ROOT
from bot.tickets import deadlines
from bot.tickets.model import CaseState

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)
PHONE = "13800138000"


def complains(stage: Stage) -> None:
    """客户在聊天里投诉：说事情、留电话、确认，当场得到编号、级别、负责人和两个日期"""
    stage.comes()
    stage.writes("我要投诉，昨天在城南支行办业务，柜员让我等了两个小时，没人理我")
    stage.writes(PHONE)
    receipt = stage.presses("confirm")
    assert stage.chat is not None
    stage.number = str(stage.chat.last.payload["case"]["number"])
    stage.look()
    expect(stage.number in receipt and "2026年12月2日" in receipt, "回执里没有编号和办结日期")
    expect(stage.case.state is CaseState.NEW, "应当是待受理")


def is_taken(stage: Stage) -> None:
    """质检三十分钟内知悉；安娜受理，从此由她负责到底"""
    stage.until("2026-11-23T10:10")
    quality = stage.officer("quentin", "质检小秦", "quality")
    anna = stage.officer("anna", "安娜", "complaints")
    stage.acts(quality, "知悉这件投诉", "quality")
    stage.acts(anna, "受理，由我负责", "take")
    stage.acts(anna, "开始调查", "investigate", note="调取叫号记录")
    expect(stage.case.owner_user == "anna", "负责人应当是安娜")


def misses_the_first_response(stage: Stage) -> None:
    """安娜忘了首次答复：五成、八成、到期各提醒一次，超时记下来，系统自己致歉，主管得到补偿评估的任务"""
    stage.until("2026-11-25T10:30")
    missed = stage.clock_of("first_response")
    expect(missed.breached_at is not None, "首次答复超时没有记下来")
    expect(stage.clock_of("apology").open, "没有致歉和补偿评估的任务")


def answers_late(stage: Stage) -> None:
    """首次答复补上，超时照样留着；主管评估补偿"""
    anna = stage.officer("anna", "安娜", "complaints")
    stage.acts(anna, "首次答复", "respond", analysis="叫号机当天出了故障，窗口也开得少", solution="为您预约优先办理")
    sofia = stage.officer("sofia", "苏主管", "supervisor")
    stage.finishes(sofia, "apology", "电话致歉，送一次免排队预约")
    expect(stage.clock_of("first_response").breached_at is not None, "超时被抹掉了")


def waits_for_the_customer(stage: Stage) -> None:
    """要客户补一张取号小票：停表两个办公小时，办结日期推后两个小时，法规上限不动"""
    anna = stage.officer("anna", "安娜", "complaints")
    cap = stage.clock_of("cap").due_at
    stage.until("2026-11-26T10:00")
    stage.acts(anna, "请客户补材料，停表", "pause", reason="请拍一张取号小票发给我们")
    stage.until("2026-11-26T12:00")
    case = stage.acts(anna, "小票收到，恢复计时", "resume")
    expect(f"{case.due_at.astimezone(BEIJING):%m-%d %H:%M}" == "12-03 11:00", "停表的两个小时算错了")
    expect(stage.clock_of("cap").due_at == cap, "法规上限不该动")


def is_asked_whether_he_agrees(stage: Stage) -> None:
    """方案先发短信；客户回到聊天里查进度，不同意，改过以后同意"""
    anna = stage.officer("anna", "安娜", "complaints")
    stage.until("2026-11-27T09:30")
    stage.acts(anna, "提出方案", "propose", text="向您书面道歉")
    stage.until("2026-11-27T20:00")
    stage.comes()
    stage.writes("我的投诉进度怎么样了")
    stage.presses("disagree")
    expect(stage.case.state is CaseState.INVESTIGATING, "不同意以后应当重新核实")
    stage.until("2026-11-30T09:30")
    stage.acts(anna, "改过的方案", "propose", text="向您书面道歉，并由网点负责人当面说明整改")
    stage.comes()
    stage.writes("投诉进度")
    stage.presses("agree")
    expect(bool(stage.case.proposal and stage.case.proposal["agreed"]), "同意没有记下来")


def is_settled(stage: Stage) -> None:
    """办结，当天告知结果、理由和救济途径；书面答复；归档"""
    anna = stage.officer("anna", "安娜", "complaints")
    stage.until("2026-12-01T15:00")
    stage.acts(
        anna, "办结", "resolve", basics="排队久，没有人引导", handling="已道歉，叫号机修好，高峰多开窗口",
        reasons="叫号记录和录像属实", satisfaction="客户同意方案", improvement="每月检查叫号机",
        root_cause="高峰人手不足",
    )  # fmt: skip
    expect(stage.clock_of("cap").state == deadlines.DONE, "法规时限应当在告知时停下")
    stage.until("2026-12-02T10:00")
    stage.acts(anna, "书面答复", "report")
    stage.acts(anna, "归档", "close")
    expect(stage.case.state is CaseState.CLOSED, "应当已归档")


def is_visited(stage: Stage) -> None:
    """回访：第一次没人接，第二天打通；客户又提一个问题，三个工作日内答复；再给书面反馈"""
    bert = stage.officer("bert", "坐席小博")
    anna = stage.officer("anna", "安娜", "complaints")
    stage.until("2026-12-07T10:00")
    stage.finishes(bert, "visit", "没有人接", reached=False)
    stage.until("2026-12-08T10:00")
    stage.finishes(
        bert,
        "visit",
        "已接通",
        satisfaction="一般",
        continuity="没有再出现",
        points="希望网点增加叫号屏",
        suggestions="多开窗口",
    )
    stage.until("2026-12-09T11:00")
    stage.finishes(anna, "points", "已答复：下月安装第二块叫号屏")
    stage.finishes(anna, "feedback", "书面反馈已寄出")


def is_confirmed(stage: Stage) -> None:
    """最终确认：十五个工作日内再问一次，问题是否彻底解决"""
    bert = stage.officer("bert", "坐席小博")
    stage.until("2026-12-15T10:00")
    stage.finishes(bert, "final", "客户确认没有别的意见", satisfaction="非常满意")
    stage.until("2026-12-30T18:00")
    left = [clock.kind for clock in stage.clocks() if clock.open]
    late = [clock.kind for clock in stage.clocks() if clock.breached_at]
    expect(left == [], f"还没有完：{left}")
    expect(late == ["first_response"], f"超时的应当只有首次答复：{late}")


SCENES = (
    complains,
    is_taken,
    misses_the_first_response,
    answers_late,
    waits_for_the_customer,
    is_asked_whether_he_agrees,
    is_settled,
    is_visited,
    is_confirmed,
)


def demonstrate(home: Path, say: Callable[[str], None], scenes: tuple[Callable[[Stage], None], ...] = SCENES) -> int:
    """Gives the exit status. It ends at the first scene that went otherwise: the next ones stand on it."""
    clock = FrozenClock(MONDAY)
    house = make_house(home, knowledge.load(ROOT / "knowledge"), clock)
    stage = Stage(house, clock, say)
    try:
        for number, scene in enumerate(scenes, 1):
            say(f"\n── {number} {scene.__doc__}")
            scene(stage)
        stage.summary()
    except (Unmet, QiantaiError) as error:
        say(f"  ✘ {error}")
        return 1
    finally:
        house.db.dispose()
    say("一件投诉，从聊天到最终确认，都和规定的一样")
    return 0


def main() -> int:
    logging.basicConfig(level=logging.ERROR)
    with TemporaryDirectory(prefix="qiantai-demo-") as home:
        return demonstrate(Path(home), lambda line: print(line, flush=True))


if __name__ == "__main__":
    sys.exit(main())
