"""`make demo-wechat`, with an assistant that is told what it understands: the play itself, without the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import complaining
from wechat import demo
from wechat.demo_stage import Assistant, Pace, Stage, staged

from bot.assistant.fake import FakeAssistant, understood
from bot.conversation.model import Answer, Handover
from bot.wiring import House

HASTE = Pace(reply_within_s=1.0, slow_turn_s=1.3, hesitation_s=0.2, line_breaks_after_s=0.1)


def told(house: House) -> Assistant:
    return FakeAssistant(
        {
            "你们的理财保本吗": understood("wealth_product", Answer("wealth_product_wealth"), product="wealth"),
            "房贷利率是多少": understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage"),
            "客服电话是多少": understood("hotline", Answer("hotline")),
            "转人工": understood("human_agent", Handover("asked")),
        },
        otherwise=lambda turn: complaining(house, turn),
    )


class Lines(list[str]):
    """What the terminal would show."""

    @property
    def all(self) -> str:
        return "\n".join(self)


@pytest.fixture
def lines() -> Lines:
    return Lines()


async def test_plays_to_the_end_and_tells_who_said_what_by_which_way(tmp_path: Path, lines: Lines) -> None:
    assert await demo.demonstrate(tmp_path, told, HASTE, lines.append) == 0, lines.all
    for said in (
        "客户     你们的理财保本吗",
        "⚠ 风险提示 wealth_risk：完整",
        "先应 success",
        "投递了2次",
        "等客户的 1 条",
    ):
        assert said in lines.all
    table = lines[-len(demo.SCENES) - 1 : -1]
    assert all(line.startswith(f"✔ {number} ") for number, line in enumerate(table, 1)), lines.all
    assert "被动回复" in table[0] and "客服接口" in table[2]
    assert lines[-1].endswith("0 个场景不符")


def without_script(name: str) -> Callable[[House], Assistant]:
    def made(house: House) -> Assistant:
        assistant = told(house)
        assert isinstance(assistant, FakeAssistant)
        assistant.script[name] = understood("branch_hours", Answer("branch_hours"))
        return assistant

    return made


async def test_fails_where_an_answer_lacks_its_warning_and_plays_on(tmp_path: Path, lines: Lines) -> None:
    async with staged(tmp_path, without_script("你们的理财保本吗"), HASTE, lines.append) as stage:
        rows = await demo.play(stage, (demo.asks_about_risk, demo.comes_to_an_agent))
        assert [bool(row.failed) for row in rows] == [True, False]
        assert "风险提示" in rows[0].failed
        assert demo.summary(stage, rows) == 1
    assert "1 个场景不符" in lines[-1]


async def test_fails_where_a_quick_answer_comes_by_the_wrong_way(tmp_path: Path, lines: Lines) -> None:
    async def expects_the_interface(stage: Stage) -> None:
        """当场回复的，不该当成客服接口"""
        await stage.writes("客服电话是多少")
        await stage.sees("api")

    async with staged(tmp_path, told, HASTE, lines.append) as stage:
        (row,) = await demo.play(stage, (expects_the_interface,))
    assert row.failed == "应走客服接口，却走了被动回复"
