"""`make demo-complaint`: the whole play, and a play that goes otherwise."""

from __future__ import annotations

from pathlib import Path

from complaint import demo
from complaint.stage import Stage, expect


def test_plays_from_the_chat_to_the_last_confirmation(tmp_path: Path) -> None:
    lines: list[str] = []
    status = demo.demonstrate(tmp_path, lines.append)
    told = "\n".join(lines)
    assert status == 0, told
    for said in (
        "客户：我要投诉",
        "您的投诉已登记",
        "首次答复已用去50%的时间",
        "首次答复已超时",
        "没有做到，非常抱歉",
        "超时致歉和补偿评估",
        "点“不同意”",
        "点“同意”",
        "已办结，结果如下",
        "客户收到短信",
        "✘ 首次答复",
        "一条不少",
    ):
        assert said in told, told
    assert told.count("非常抱歉") == 1
    assert demo.PHONE not in told.replace(f"客户：{demo.PHONE}", "")


def test_ends_with_1_where_it_goes_otherwise(tmp_path: Path) -> None:
    def otherwise(stage: Stage) -> None:
        """不该如此"""
        expect(bool(stage.number), "还没有投诉")

    lines: list[str] = []
    assert demo.demonstrate(tmp_path, lines.append, (otherwise,)) == 1
    assert lines[-1] == "  ✘ 还没有投诉"
