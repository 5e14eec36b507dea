"""knowledge/replies.yml: each mistake is named with file, line and what may stand there."""

from __future__ import annotations

import pytest
from specimen import Folder

from bot.knowledge.model import Reply


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{agent}", "{agnet}", "text 内容：没有 {agnet} 可以填"),
        ("{agent}", "{rate}", "没有 {rate} 可以填"),
        ("{agent}", "{agent", "花括号没有成对"),
        ("您好，", "您好，年化利率3.5%，", "直接写了数字“3.5%”"),
        ("[claim]", "[closing]", "when 什么时候用"),
        ("when: [claim]", "when: [end]", "没有接入时的问候语"),
        ("when: [claim]", "when: [claim], reasons: [asked]", "没有接入时的问候语"),
        ("when: [claim]", "when: [claim], reasons: [boredom]", "没有这个转人工原因：boredom"),
        ("title: 问候", "name: 问候", "没有“name”这个字段"),
        ("您好，", "您好，" * 200, "最多400个字"),
    ],
)
def test_a_mistake_is_named(folder: Folder, old: str, new: str, told: str) -> None:
    folder.change("replies.yml", old, new)
    problems = folder.problems()
    assert any(told in problem and problem.startswith("replies.yml") for problem in problems), problems


def test_an_id_twice_is_named(folder: Folder) -> None:
    one = "- {id: greet, title: 问候, text: 您好，我是, when: [claim]}\n"
    folder.write("replies.yml", one + one)
    assert "编号“greet”重复" in folder.the_problem()


def test_they_keep_the_order_of_the_file(folder: Folder) -> None:
    text = "".join(f"- {{id: {id_}, title: 题, text: 您好呀, when: [claim]}}\n" for id_ in ("z", "a", "m"))
    loaded = folder.write("replies.yml", text).load()
    assert [reply.id for reply in loaded.replies] == ["z", "a", "m"]
    assert all(isinstance(reply, Reply) for reply in loaded.replies)
