"""`make demo-wechat`: one customer's conversation in an Official Account, played in the terminal.

The product runs as it is, with its real model; the platform and its interface are the tests' own. It ends with 1 when
anything is otherwise than the play says. `INTERACTIVE=1` lets you type as the customer instead.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from desk import PASSWORD
from wechat.demo_stage import AGENT, OPENID, PATIENCE_S, WAYS, Assistant, Pace, Stage, Unmet, expect, staged
from wechat.prompt import converse

from bot.clock import BEIJING
from bot.settings import from_env
from bot.wiring import House

PHONE = "13800138000"
RISKY = "这款理财您可以看看，随时能在手机银行里买"
SMALL_TALK = (
    "我正在看您的情况。",
    "请您稍等一下。",
    "资料已经找到了。",
    "正在为您核对。",
    "核对好了，没有问题。",
    "还有别的可以帮您吗？",
)
ALLOWED = 5  # messages that the platform takes after a customer's message


async def subscribes(stage: Stage) -> None:
    """关注，当场得到欢迎语，选项可以用数字回"""
    outcome = await stage.follows()
    expect(outcome.kind == "reply", "关注后没有当场回复")
    welcome, choices = stage.house.knowledge.phrase("welcome")
    await stage.sees("reply", welcome, f"1 {choices[0].label}")


async def asks_about_risk(stage: Stage) -> None:
    """问理财，回答和完整的风险提示在同一条消息里"""
    outcome = await stage.writes("你们的理财保本吗")
    seen = await stage.sees("reply")
    expect("wealth_risk" in stage.warnings(seen.text), "没有完整的理财风险提示")
    expect(outcome.seconds < PATIENCE_S, "超过了五秒")


async def waits_for_a_slow_answer(stage: Stage) -> None:
    """机器人想得比五秒还久，平台先得到 success，答案随后走客服接口"""
    stage.assistant.hesitates_s = stage.pace.slow_turn_s
    outcome = await stage.writes("房贷利率是多少")
    expect((outcome.kind, len(outcome.attempts)) == ("success", 1), "应当只投递一次，先应 success")
    stage.has_seen_all()
    await stage.sees("api", "房贷")


async def is_delivered_twice(stage: Stage) -> None:
    """线路断了，平台再投一次：只答一遍，只记一遍"""
    stage.assistant.hesitates_s = stage.pace.hesitation_s
    stage.platform.break_connection_after_s = stage.pace.line_breaks_after_s
    outcome = await stage.writes("客服电话是多少")
    stage.platform.break_connection_after_s = None
    expect(len(outcome.attempts) == 2, f"应当投递两次，却是{len(outcome.attempts)}次")
    await stage.sees("reply", stage.house.knowledge.bank.hotline)
    written = [event for event in stage.events() if event.payload.get("text") == "客服电话是多少"]
    expect(len(written) == 1, f"应当只记一遍，却记了{len(written)}遍")


async def complains(stage: Stage) -> None:
    """投诉：当场得到编号和办结日期；手机号不进聊天记录"""
    await stage.writes("我要投诉，昨天在浦东支行办业务，柜员态度很差")
    await stage.sees("reply")
    await stage.writes(PHONE)
    await stage.sees("reply", "1 ")
    await stage.writes("1")
    seen = await stage.sees("reply")
    (case,) = [event.payload["case"] for event in stage.events() if event.payload.get("case")]
    due = datetime.fromisoformat(case["due"]).astimezone(BEIJING)
    expect(case["number"] in seen.text and re.fullmatch(r"TS\d{8}-\d+", case["number"]) is not None, "没有投诉编号")
    expect(f"{due.year}年{due.month}月{due.day}日" in seen.text, "没有办结日期")
    expect(not any(PHONE in str(event.payload) for event in stage.events()), "手机号留在了聊天记录里")


async def comes_to_an_agent(stage: Stage) -> None:
    """转人工：坐席的话缺风险提示被拦下，补全后发出"""
    async with stage.agent() as agent:
        await stage.writes("转人工")
        await stage.sees("reply")
        await agent.takes_over()
        await stage.sees("api")
        refused = await agent.writes(RISKY)
        expect(refused.status_code == 422, "缺风险提示的话没有被拦下")
        stage.say(f"  合规   拦下了：{'；'.join(refused.json()['reasons'])}")
        completed = refused.json()["completed_text"]
        expect((await agent.writes(completed)).status_code == 202, "补全的话没有发出")
        seen = await stage.sees("api", completed)
        expect(bool(stage.warnings(seen.text)), "坐席的话没有完整的风险提示")


async def comes_to_the_quotas_end(stage: Stage) -> None:
    """一条客户消息后只能发五条：第六条留着，客户再来消息时送到"""
    async with stage.agent() as agent:
        (mine,) = (await agent.desk.get("/conversations")).json()["conversations"]
        agent.conversation_id, agent.epoch, agent.sent = mine["conversation_id"], mine["epoch"], 100
        expect((await stage.writes("好的，我再想想")).kind == "success", "坐席接待时机器人不该说话")
        for text in SMALL_TALK[:ALLOWED]:
            expect((await agent.writes(text)).status_code == 202, f"没有发出：{text}")
            await stage.sees("api", text)
        expect((await agent.writes(SMALL_TALK[ALLOWED])).status_code == 202, "第六条没有收下")
        shown = await agent.waits_until_held(1)
        stage.say(f"  工作台 还能发 {shown['left']} 条，等客户的 {shown['held']} 条")
        expect(shown["left"] == 0, "额度应当用完了")
        stage.has_seen_all()
        await stage.writes("你好，还在吗")
        await stage.sees("reply", SMALL_TALK[ALLOWED])
        expect((await agent.channel())["held"] == 0, "还有消息留着")


SCENES = (
    subscribes,
    asks_about_risk,
    waits_for_a_slow_answer,
    is_delivered_twice,
    complains,
    comes_to_an_agent,
    comes_to_the_quotas_end,
)


@dataclass(frozen=True)
class Row:
    title: str
    ways: str
    seconds: float
    failed: str  # why; empty where all was as the play says


async def play(stage: Stage, scenes: tuple[Callable[[Stage], Awaitable[None]], ...] = SCENES) -> list[Row]:
    """Every scene, also after one that failed."""
    rows = []
    for number, scene in enumerate(scenes, 1):
        title = str(scene.__doc__)
        stage.say(f"\n── {number} {title}")
        began, before = perf_counter(), len(stage.platform.customers[OPENID].entries)
        try:
            await scene(stage)
            failed = ""
        except (Unmet, asyncio.TimeoutError, ValueError) as error:
            failed = str(error)
            stage.say(f"  ✘ {failed}")
            stage.read = len(stage.platform.customers[OPENID].entries)
        seen = Counter(WAYS[entry.way] for entry in stage.platform.customers[OPENID].entries[before:])
        ways = "、".join(f"{way} {times}" for way, times in seen.items())
        rows.append(Row(title, ways, perf_counter() - began, failed))
    return rows


def summary(stage: Stage, rows: list[Row]) -> int:
    """The table at the end; gives the exit status."""
    stage.say("\n── 小结")
    for number, row in enumerate(rows, 1):
        stage.say(f"{'✘' if row.failed else '✔'} {number} {row.seconds:5.1f} 秒  {row.title}（{row.ways}）")
        if row.failed:
            stage.say(f"      {row.failed}")
    slowest = max(attempt.seconds for outcome in stage.outcomes for attempt in outcome.attempts)
    failed = sum(bool(row.failed) for row in rows)
    stage.say(
        f"平台投递 {sum(len(outcome.attempts) for outcome in stage.outcomes)} 次，最慢 {slowest:.2f} 秒；"
        f"客服接口收到 {stage.api.sends} 次发送，发出 {stage.api.tokens_issued} 个令牌；{failed} 个场景不符"
    )
    return 1 if failed else 0


async def demonstrate(
    home: Path, assistant: Callable[[House], Assistant], pace: Pace, say: Callable[[str], None]
) -> int:
    async with staged(home, assistant, pace, say) as stage:
        return summary(stage, await play(stage))


async def interact(home: Path, assistant: Callable[[House], Assistant]) -> int:
    """Type as the customer; take him over at the console."""
    async with staged(home, assistant, Pace(), lambda _: None) as stage:
        print(f"工作台 {stage.server.url}/desk   登录 {AGENT}   密码 {PASSWORD}")
        await converse(stage.platform, OPENID)
    return 0


def real_assistant(house: House) -> Assistant:
    """With the model that `make model` has trained."""
    from bot.assistant import Assistant as Rasa

    return Rasa(from_env().models, house, house.db)


def main() -> int:
    logging.basicConfig(level=logging.ERROR)
    print("正在启动（装入模型要几秒）…", flush=True)
    with TemporaryDirectory(prefix="qiantai-demo-") as home:
        if os.environ.get("INTERACTIVE", "0") not in ("", "0"):
            return asyncio.run(interact(Path(home), real_assistant))
        return asyncio.run(demonstrate(Path(home), real_assistant, Pace(), lambda line: print(line, flush=True)))


if __name__ == "__main__":
    sys.exit(main())
