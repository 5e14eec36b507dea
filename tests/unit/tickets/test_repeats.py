"""Repeated complaints (重复投诉): same customer, same or similar matter (000-68). Pairs written for this test."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.tickets.model import Case, CaseState, Kind, Severity
from bot.tickets.repeats import SIMILAR, former, overlap, window

SAME = [
    ("柜员态度恶劣，让我等了两个小时", "上次说的柜员态度恶劣的事还没人管，我在柜台等了两个小时"),
    ("手机银行转账两万没到账，客服一直推脱", "我的转账两万块到现在没到账，没人处理"),
    ("信用卡被扣了年费300元，当初说免年费", "说好免年费，信用卡还是扣我年费"),
    ("城南支行的大堂经理骂人，态度特别差", "你们城南支行大堂经理态度差还骂人，到现在没给我道歉"),
    ("贷款提前还款收了我违约金，合同里没写", "提前还款违约金的事，合同没写为什么要收"),
    ("ATM吞了我的卡，打电话没人管", "吞卡三天了还是没人管，ATM在东门那台"),
    ("理财经理当初说保本，现在亏了三万", "理财亏了三万，经理说过保本的，没人给说法"),
    ("短信一直发营销广告，退订也没用", "营销短信退订了还发，烦死了"),
    ("我的征信上有一笔逾期，其实我按时还了", "征信逾期记录还没改，我都是按时还款的"),
    ("销户跑了三趟都办不了", "跑了三趟都不给销户"),
    ("柜員態度惡劣，讓我等了兩個小時", "柜员态度恶劣，等了两个小时"),
]
OTHER = [
    ("柜员态度恶劣，让我等了两个小时", "信用卡被扣了年费300元，当初说免年费"),
    ("手机银行转账两万没到账，客服一直推脱", "手机银行登录不上，一直提示错误"),
    ("信用卡被扣了年费300元，当初说免年费", "信用卡申请被拒，没有给理由"),
    ("城南支行的大堂经理骂人，态度特别差", "理财经理当初说保本，现在亏了三万"),
    ("贷款提前还款收了我违约金，合同里没写", "贷款审批拖了一个月没有结果"),
    ("ATM吞了我的卡，打电话没人管", "ATM取款少了两百元，机器没吐出来"),
    ("短信一直发营销广告，退订也没用", "收不到验证码短信，没法转账"),
    ("我的征信上有一笔逾期，其实我按时还了", "定期存款到期没有自动转存"),
    ("销户跑了三趟都办不了", "开户等了三个小时还让补材料"),
    ("客服电话打不通，等了一个小时", "柜台排队等了一个小时没人叫号"),
    ("我要投诉你们银行，柜员骂人", "我要投诉你们银行，理财亏了"),  # only the formula is alike
]
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_matter_in_other_words(one: str, other: str) -> None:
    assert overlap(one, other) >= SIMILAR


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_matter_of_the_same_customer(one: str, other: str) -> None:
    assert overlap(one, other) < SIMILAR


def test_nothing_said_is_like_nothing() -> None:
    assert overlap("", "") == 0.0
    assert overlap("我要投诉", "我要投诉") == 0.0


def case(number: str, facts: str, opened_at: datetime = NOW) -> Case:
    return Case(
        number=number,
        kind=Kind.COMPLAINT,
        state=CaseState.NEW,
        severity=Severity.ORDINARY,
        repeat_of=None,
        owner_queue="组员",
        conversation_id="c",
        source_seq=1,
        opened_at=opened_at,
        updated_at=opened_at,
        respond_by=opened_at,
        due_at=opened_at,
        provisional=False,
        profile="standard",
        facts=facts,
        contact=None,
        reason=None,
    )


def test_the_latest_similar_case_is_the_former_one() -> None:
    old = case("TS20261101-000001", SAME[0][0], NOW - timedelta(days=20))
    later = replace(old, number="TS20261110-000001", opened_at=NOW - timedelta(days=10))
    other = case("TS20261120-000001", OTHER[1][0])
    assert former(SAME[0][1], [old, later, other]) == later
    assert former("网点的叫号机坏了很久没人修", [old, later, other]) is None


def test_a_case_that_the_customer_names_is_the_former_one_whatever_he_says_of_it() -> None:
    old = case("TS20261101-000001", "网点的叫号机坏了")
    assert former("ts20261101 000001 这个还没处理，你们到底管不管", [old]) == old


def test_the_window_is_counted_in_days() -> None:
    assert window(NOW, 180) == NOW - timedelta(days=180)
