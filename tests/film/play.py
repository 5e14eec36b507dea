"""`make demo-desk`: one handover, filmed in the real pages: the customer's phone beside the agents' desks.

Only the model is left out, so that nothing has to be trained. It ends with 1 when anything is otherwise than the play
says. The pictures and `handover.png`, all of them on one sheet, lie in $QIANTAI_PICTURES (test-results/film).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from chromium import launched
from film.stage import Stage
from pages import asks, say
from playwright.sync_api import Error, Page, expect
from staged import ASKED, ROOT, Staged

DRAFT = "您好，我是人工坐席。这款理财您可以在手机银行看产品说明书再决定。"
NOTE = "客户比较房贷和理财，已作理财提示，请接着讲房贷利率"


def played(stage: Stage) -> None:
    """The whole handover; each picture's words say what must be so."""
    first, chat = stage.desk("agent1"), stage.chat
    for text in ASKED[:3]:
        asks(chat, text)
    expect(chat.get_by_text("要不要请人工客服来帮您").last).to_be_visible()
    stage.shoot("同一个问题问到第三遍，智能客服建议请人工；坐席在线，还没有客户", first)

    say(chat, ASKED[3])
    offer = first.get_by_role("region", name="待接入")
    expect(offer.get_by_text("同一个问题没有解决")).to_be_visible()
    expect(chat.get_by_text("正在为您转人工").last).to_be_visible()
    stage.shoot("问到第四遍，客户排进队列并看到位置；分配给坐席，二十秒内接或不接", first)

    first.keyboard.press("Alt+a")
    reply = first.get_by_role("textbox", name="回复客户")
    expect(reply).to_be_focused()
    expect(chat.get_by_text("已接入").last).to_be_visible()
    expect(first.get_by_role("complementary", name="交接信息").get_by_text("共询问 4 次")).to_be_visible()
    stage.shoot("坐席接入：来龙去脉在右边，首次应答和处理时长在走", first)

    reply.fill(DRAFT)
    reply.press("Control+Enter")
    expect(first.get_by_text("需要修改后才能发给客户")).to_be_visible()
    expect(chat.get_by_text("我是人工坐席")).to_have_count(0)
    stage.shoot("回复缺了法定提示，没有发出；旁边是补全后的版本", first)

    first.keyboard.press("Alt+Enter")
    expect(chat.get_by_text("产品有风险").last).to_be_visible()
    expect(first.get_by_role("log").get_by_text("我是人工坐席")).to_have_count(1)
    stage.shoot("发送补全后的版本，客户看到回复和提示", first)

    wall = stage.wall("super1")
    served = wall.get_by_role("region", name="谁在服务中")
    expect(served.get_by_role("link", name="同一个问题没有解决")).to_be_visible()
    expect(wall.locator("canvas").first).to_have_css("display", "block")
    stage.shoot("主管在大屏上看到：谁在排队、谁在服务、时限和情绪，一天的数字在下面", wall)
    wall.close()

    second = stage.desk("agent2")
    expect(second.get_by_role("radio", name="在线")).to_be_checked()
    expect(first.get_by_role("button", name="转交")).to_be_visible()
    first.keyboard.press("Alt+t")
    dialog = first.get_by_role("dialog")
    dialog.get_by_role("combobox").select_option("agent:agent2")
    dialog.get_by_role("textbox").fill(NOTE)
    stage.shoot("转交给另一位坐席，写明交代", first)

    dialog.get_by_role("button", name="确定").click()
    expect(second.get_by_role("region", name="待接入")).to_be_visible()
    stage.shoot("另一位坐席收到转交", second)

    ends(stage, second)
    if stage.complaints:
        raise AssertionError(f"the pages complained: {stage.complaints}")


def ends(stage: Stage, desk: Page) -> None:
    """The second agent serves to the end."""
    chat = stage.chat
    desk.keyboard.press("Alt+a")
    reply = desk.get_by_role("textbox", name="回复客户")
    expect(reply).to_be_focused()
    reply.fill("您好，我接着为您服务。")
    reply.press("Control+Enter")
    expect(chat.get_by_text("我接着为您服务").last).to_be_visible()
    expect(desk.get_by_role("button", name="结束会话")).to_be_visible()
    desk.keyboard.press("Alt+w")
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("radio", name="已解决").check()
    dialog.get_by_role("combobox").select_option("loan_rate")
    dialog.get_by_role("textbox", name="备注").fill("讲明房贷利率怎么定，客户满意")
    stage.shoot("结束会话，填写小结", desk)

    dialog.get_by_role("button", name="确定").click()
    expect(chat.get_by_role("button", name="非常满意")).to_be_visible()
    stage.shoot("客户看到人工服务已结束，可以评价", desk)


def film(folder: Path, say: Callable[[str], None], play: Callable[[Stage], None] = played) -> int:
    """Gives the exit status; the pictures lie in `folder`, up to where it went otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="qiantai-film-") as home, launched() as browser:
        server = Staged(Path(home))
        server.start()
        stage = Stage(server, browser, folder, say)
        try:
            play(stage)
            stage.sheet(folder / "handover.png")
        except (AssertionError, Error) as error:
            say(f"  ✘ {error}")
            return 1
        finally:
            server.kill()
    say(f"一次转人工，和规定的一样：{folder / 'handover.png'}")
    return 0


def main() -> int:
    folder = Path(os.environ.get("QIANTAI_PICTURES") or ROOT / "test-results" / "film")
    return film(folder, lambda line: print(line, flush=True))


if __name__ == "__main__":
    sys.exit(main())
