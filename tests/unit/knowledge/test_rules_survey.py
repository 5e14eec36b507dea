"""knowledge/survey.yml: each mistake is named with file, line and what may stand there."""

from __future__ import annotations

import pytest
from specimen import Folder

from bot.knowledge import archive
from bot.knowledge.files import read_files
from bot.knowledge.tone import remarks
from bot.wiring import House


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("mark: 90", "mark: 101", "survey.yml 第1行，mark 提醒线：太大，不能大于100"),
        ("mark: 90\n", "", "mark 提醒线：缺少这一项"),
        (
            "score_of: grade",
            "score_of: words",
            "score_of 按哪一题算分：没有“words”这个有得分的问题（可以用：grade、solved）",
        ),
        ("points: 100}", "points: 满分}", "points 得分：应当是整数"),
        ("id: rate_2,", "id: good,", "答案的编号“good”要以 rate_ 开头"),
        ("id: rate_2,", "id: rate_skip_me,", "不能以 rate_skip_ 开头"),
        ("id: rate_solved_2,", "id: rate_2,", "编号“rate_2”重复"),
        ("id: solved", "id: grade", "编号“grade”重复"),
        ("label: 没有,", "label: 跳过,", "“跳过”在这一题里重复了"),
        ("label: 没有,", "label: 是,", "“是”在这一题里重复了"),
        (", free: true", "", "要有2到5个答案；让客户自己写的问题，写 free: true"),
        ("解决了吗？\n", "解决了吗？\n    free: true\n", "free: true 的问题由客户自己写，不能有 answers"),
        ("您满意吗？", "请问{bank}您满意吗？", "不能写花括号"),
        ("most_steps: 3", "most_steps: 0", "most_steps 最多几题：太小，不能小于1"),
        ("link_days: 14\n", "", "link_days 链接有效天数：缺少这一项"),
        ("link_days: 14", "link_days: 0", "link_days 链接有效天数：太小，不能小于1"),
        ("dimension: 总体", "dimensions: 总体", "没有“dimensions”这个字段"),
    ],
)
def test_a_mistake_is_named(folder: Folder, old: str, new: str, told: str) -> None:
    folder.change("survey.yml", old, new)
    assert any(told in problem for problem in folder.problems()), folder.problems()


def test_the_file_must_be_there(folder: Folder) -> None:
    (folder.path / "survey.yml").unlink()
    assert folder.the_problem() == "survey.yml 第1行：缺少这个文件"


def test_no_script_takes_an_answers_name(folder: Folder) -> None:
    folder.change("scripts/all.yml", "id: card_found\n  version", "id: rate_found\n  version")
    folder.change("scripts/all.yml", "{id: card_found, label", "{id: rate_found, label")
    assert "rate_ 开头的编号留给满意度调查的答案" in folder.the_problem()


def test_an_answer_is_no_button_of_a_script(folder: Folder) -> None:
    folder.change("scripts/all.yml", "{id: human, label: 转人工}", "{id: rate_2, label: 满意}")
    assert "没有编号为“rate_2”的话术" in folder.the_problem()


def test_tone_is_read_there_too(folder: Folder) -> None:
    folder.change("survey.yml", "您满意吗？", "你满意吗？")
    assert [str(one) for one in remarks(read_files(folder.path))] == [
        "survey.yml 第10行，questions 问题 › 第1项 › text 内容：语气：“你”不够礼貌（对客户称“您”）"
    ]


def test_every_question_is_kept_for_evidence(any_house: House) -> None:
    with any_house.db.transaction() as tx:
        archive.keep(tx, any_house.knowledge, any_house.clock.now())
        (kept,) = archive.find(tx, "survey", "grade")
    assert kept.unaltered and kept.content["answers"][0]["points"] == 100
