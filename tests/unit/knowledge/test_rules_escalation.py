"""knowledge/escalation.yml: each mistake is named with file, line and what may stand there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from specimen import ESCALATION, Folder

from bot.knowledge import Knowledge
from bot.knowledge.vocabulary import REASONS
from bot.text.normalise import normalise

TRANSFER = {"id": "wrong_transfer", "reason": "urgent", "words": {"1": ["转错"]}}
LAUNDERING = {"id": "laundering", "flag": "laundering", "text": "疑似洗钱", "silent": True, "words": {"1": ["洗钱"]}}


def with_rules(folder: Folder, **more: Any) -> Folder:
    return folder.write("escalation.yml", json.dumps({**ESCALATION, **more}, ensure_ascii=False, indent=1))


def with_signal(folder: Folder, signal: dict[str, Any], **more: Any) -> Folder:
    return with_rules(folder, signals=[{**signal, **more}])


def reasons(**more: Any) -> dict[str, Any]:
    return {**ESCALATION["reasons"], **more}


class TestReasons:
    def test_a_plain_text_is_a_reason_with_that_text_alone(self, folder: Folder) -> None:
        urgent = {"text": "情况紧急", "ahead_s": 86400, "warn": "supervisor"}
        read = with_rules(folder, reasons=reasons(urgent=urgent)).load().escalation.reasons
        assert (read["asked"].text, read["asked"].ahead_s, read["asked"].warn) == ("原因", 0, None)
        assert (read["urgent"].ahead_s, read["urgent"].warn) == (86400, "supervisor")

    @pytest.mark.parametrize(
        ("code", "given", "told"),
        [
            ("urgent", {"text": "急", "ahead_s": 0}, "reasons 转人工原因 › urgent › text 内容：太短，至少2个字"),
            ("urgent", {"text": "紧急", "ahead_s": -1}, "ahead_s 相当于多等的秒数：太小，不能小于0"),
            ("urgent", {"text": "紧急", "ahead_s": 86401}, "太大，不能大于86400"),
            ("urgent", {"text": "紧急", "warn": "boss"}, "warn 提醒谁：不能写“boss”（可以用：complaints、head、"),
            ("urgent", {"text": "紧急", "soothe": "hush"}, "phrases.yml 里没有“hush”这条短句"),
            ("urgent", {"text": "紧急", "soothe": "queue_notice"}, "安抚的短句里不能有要填的内容"),
            ("urgnet", "紧急", "没有什么会用到“urgnet”：系统不认得，signals 里也没有"),
        ],
    )
    def test_a_mistake_is_named(self, folder: Folder, code: str, given: object, told: str) -> None:
        assert told in with_rules(folder, reasons=reasons(**{code: given})).the_problem()

    def test_a_reason_of_the_banks_own_needs_a_signal_that_gives_it(self, folder: Folder) -> None:
        own = reasons(vip="贵宾客户")
        assert "没有什么会用到“vip”" in with_rules(folder, reasons=own).the_problem()
        vip = {"id": "vip", "reason": "vip", "words": {"1": ["贵宾"]}}
        assert with_rules(folder, reasons=own, signals=[vip]).problems() == []


class TestQueues:
    @pytest.mark.parametrize(
        ("queues", "told"),
        [
            ([], "queues 服务组：至少要有一个服务组"),
            (
                [{"id": "a", "name": "甲", "reasons": ["angry"]}],
                "第1项 › reasons 转人工原因 › 第1项：reasons 里没有“angry”",
            ),
            ([{"id": "a", "name": "甲", "intents": ["robbery"]}], "没有“robbery”这个问题类型"),
            ([{"id": "a", "name": "甲"}, {"id": "a", "name": "乙"}], "“a”重复，只能写一次"),
            ([{"id": "a", "name": "甲", "reasons": ["care", "care"]}], "“care”重复，只能写一次"),
            (
                [{"id": "a", "name": "甲", "intents": ["greet"]}, {"id": "b", "name": "乙", "intents": ["greet"]}],
                "第2项 › intents 问题类型 › 第1项：“greet”重复",
            ),
            ([{"id": "a" * 21, "name": "甲"}], "太长，最多20个字"),
        ],
    )
    def test_a_mistake_is_named(self, folder: Folder, queues: list[object], told: str) -> None:
        assert told in with_rules(folder, queues=queues).the_problem()

    @pytest.mark.parametrize(
        ("lines", "told"),
        [
            ([{"id": "a", "name": "甲", "topics": ["loans"]}], "没有“loans”这个主题"),
            ([{"id": "a", "name": "甲", "topics": []}], "至少要有一个主题"),
            ([{"id": "consult", "name": "甲", "topics": ["loan"]}], "lines 业务条线 › 第1项 › id 编号：“consult”重复"),
            ([{"id": i, "name": "甲", "topics": ["loan"]} for i in "ab"], "“loan”重复，只能写一次"),
        ],
    )
    def test_so_is_one_in_a_line_of_business(self, folder: Folder, lines: list[object], told: str) -> None:
        assert told in with_rules(folder, lines=lines).the_problem()


class TestSignals:
    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"reason": "angry"}, "signals 信号 › 第1项 › reason 转人工原因：reasons 里没有“angry”"),
            ({"flag": "odd", "text": "异常"}, "reason（请人工）和 flag（只记标记）要写一个，只写一个"),
            ({"reason": None}, "要写一个，只写一个"),
            ({"silent": True}, "silent: true 只用于 flag"),
            ({"text": "转错账"}, "写了 flag 就要写 text"),
            ({"words": {"1": []}}, "words 词语 › 1：没有词"),
            ({"words": {"1": ["！！"]}}, "“！！”里没有字，客户的话里找不到"),
            ({"words": {"0": ["转错"]}}, "words 词语 › 0：分数至少是1"),
            ({"words": {"1": ["转错", "轉錯"]}}, "第2项：“转错”重复"),
            ({"words": {"2": ["转错"], "1": ["转错"]}}, "“转错”重复"),
            ({"unless": ["怕弄错"]}, "“怕弄错”里没有这个信号的词，写了不起作用"),
            ({"beside": ["…"]}, "太短，至少2个字"),
            ({"at": 2}, "at 几分起算：所有的词加起来只有1分，到不了2分"),
            ({"at": 0}, "太小，不能小于1"),
            ({"warn": "boss"}, "不能写“boss”"),
            ({"classes": ["hard"]}, "不能写“hard”（可以用：complex、medium、simple）"),
            ({"age_from": 0}, "age_from 几岁起：太小"),
            ({"wrods": []}, "没有“wrods”这个字段"),
        ],
    )
    def test_a_mistake_is_named_with_its_line(self, folder: Folder, more: dict[str, Any], told: str) -> None:
        assert any(told in problem for problem in with_signal(folder, TRANSFER, **more).problems())
        assert all(problem.startswith("escalation.yml 第") for problem in folder.problems())

    @pytest.mark.parametrize(
        "more",
        [
            {"unless": ["怕轉錯"]},
            {"at": 2, "shouting": 1},
            {"at": 2, "classes": ["complex"]},
            {"words": {}, "age_from": 65},
            {"words": {"1": ["转错"], "2": ["全转错了"]}, "beside": ["国外"]},
        ],
    )
    def test_these_are_none(self, folder: Folder, more: dict[str, Any]) -> None:
        assert with_signal(folder, TRANSFER, **more).problems() == []

    def test_each_id_once(self, folder: Folder) -> None:
        assert "“laundering”重复" in with_rules(folder, signals=[LAUNDERING, LAUNDERING]).the_problem()

    def test_a_flag_needs_words_for_those_who_are_warned(self, folder: Folder) -> None:
        assert with_signal(folder, LAUNDERING).problems() == []
        assert "写了 flag 就要写 text" in with_signal(folder, LAUNDERING, text=None).the_problem()


class TestTheFile:
    """What the demonstration bank has written."""

    def test_each_reason_that_code_gives_has_words(self, said: Knowledge) -> None:
        assert set(said.escalation.reasons) >= REASONS

    def test_who_is_in_danger_goes_before_all_others(self, said: Knowledge) -> None:
        ahead = {code: reason.ahead_s for code, reason in said.escalation.reasons.items()}
        urgent = ahead.pop("urgent")
        assert urgent == 86_400 and max(ahead.values()) <= 600

    def test_what_is_silent_is_said_to_nobody_but_those_who_look_into_it(self, said: Knowledge) -> None:
        flags = [signal for signal in said.escalation.signals if signal.silent]
        assert [signal.warn for signal in flags] == ["quality"]
        told = [phrase.text for phrase in said.phrases.values()]
        told += [text for script in said.scripts.values() for _, text in script.every_text()]
        told += [reason.text for reason in said.escalation.reasons.values()]
        assert not any(signal.text and signal.text in text for signal in flags for text in told)

    def test_its_words_are_written_as_they_are_looked_for(self, said: Knowledge) -> None:
        for signal in said.escalation.signals:
            words = [*signal.unless, *signal.beside, *(word for listed in signal.words.values() for word in listed)]
            assert [word for word in words if normalise(word) != word] == []

    def test_questions_are_of_three_kinds(self, said: Knowledge) -> None:
        assert {intent.complexity for intent in said.intents.values()} == {"simple", "medium", "complex"}
