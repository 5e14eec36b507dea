"""What a complaint says beside its facts, in customers' words (000-66, L1a)."""

from __future__ import annotations

import pytest

from bot.knowledge import Knowledge
from bot.tickets.particulars import Particulars, read, wish

STORY = "昨天办业务，柜员让我等了两个小时"


@pytest.mark.parametrize(
    ("story", "wanted"),
    [
        ("柜员态度差，希望给我道歉", "希望给我道歉"),
        ("多扣了我两百块，要求退还，并且书面道歉。已经打过三次电话", "要求退还，并且书面道歉"),
        ("上月扣了短信费。退我六块钱", "退我六块钱"),
        ("贷款一直不批，请你们尽快处理", "请你们尽快处理"),
        ("卡被吞了！把钱退给我！", "把钱退给我"),
        ("怎么赔都行，反正要给个说法", "反正要给个说法"),
        ("我们要求恢复额度", "我们要求恢复额度"),
        ("理财亏了四万，我要你们赔偿损失", "我要你们赔偿损失"),
        ("说好免年费又扣，必须给我一个说法", "必须给我一个说法"),
        ("我的诉求是恢复我的额度", "我的诉求是恢复我的额度"),
        ("客服挂我电话。给个解释吧", "给个解释吧"),
        ("征信被写错了，尽快给我更正", "尽快给我更正"),
        ("乱扣费，賠我三百塊", "賠我三百塊"),
        ("希望退钱。另外要求那个经理道歉", "希望退钱\n另外要求那个经理道歉"),
    ],
)
def test_what_he_wants(story: str, wanted: str) -> None:
    assert wish(story) == wanted


@pytest.mark.parametrize(
    "story",
    [
        STORY,
        "我要投诉",
        "我要取钱，柜员不理我",
        "柜员要求我提供三个月流水",
        "我奶奶取钱被要求办卡",
        "你们要求先存两万",
        "你们没有给我道歉",
        "说要三天到账，到现在也不退款",
        "我孩子在希望小学读书，网点不给开户",
        "已经没希望了",
        "不按要求办事",
        "机器吞了钱一直不退给我",
    ],
)
def test_a_story_that_wants_nothing(story: str) -> None:
    assert wish(story) == ""


def test_an_answer_to_the_question_wins_over_the_story(knowledge: Knowledge) -> None:
    assert read("希望退钱", knowledge).request == "希望退钱"
    assert read("希望退钱", knowledge, "道歉就行").request == "道歉就行"


@pytest.mark.parametrize(
    ("story", "product"),
    [
        ("信用卡分期的手续费多收了", "instalment"),
        ("房贷利率一直没调下来", "mortgage"),
        ("保险箱的钥匙丢了你们不管", ""),
        ("存款保险标识是假的吗", ""),
        (STORY, ""),
    ],
)
def test_the_product_by_its_longest_name(story: str, product: str, knowledge: Knowledge) -> None:
    assert read(story, knowledge).product == product


@pytest.mark.parametrize(
    ("story", "amount"),
    [
        ("扣了三次，每次六块，一共十八块", ("18", "CNY")),
        ("六十万养老钱被说成存款", ("600000", "CNY")),
        ("少给我两百美元", ("200", "USD")),
        ("等了两个小时", ("", "CNY")),
    ],
)
def test_the_largest_amount(story: str, amount: tuple[str, str], knowledge: Knowledge) -> None:
    found = read(story, knowledge)
    assert (found.amount, found.currency) == amount


@pytest.mark.parametrize(
    ("story", "branch"),
    [
        ("在城东支行排了两小时", "示范银行城东支行"),
        ("城西那个网点的柜员骂人", "示范银行城西支行"),
        ("样例市城东区的网点不给换零钱", "样例市城东区"),
        ("我住样例市城东区，手机银行登不上", ""),
        (STORY, ""),
    ],
)
def test_the_branch_by_its_name(story: str, branch: str, knowledge: Knowledge) -> None:
    assert read(story, knowledge).branch == branch


@pytest.mark.parametrize(
    ("story", "whom"),
    [
        ("我替我妈投诉，她买的理财被说成存款", "我妈"),
        ("我代我父亲来投诉你们柜员", "我父亲"),
        ("帮老人投诉，他不会用手机", "老人"),
        ("我妈让我来投诉你们", "我妈"),
        ("受我奶奶委托，反映一件事", "我奶奶"),
        ("我奶奶在网点取钱，被要求办卡，帮她投诉一下", "我奶奶"),
        ("替〔姓名·王*〕反映一下", "〔姓名·王*〕"),
        ("我替我们公司投诉", "我们公司"),
        ("昨天帮我妈取钱，柜员不让", ""),
        ("替我妈办卡等了两小时，我要投诉", ""),
        ("帮我投诉一下那个经理", ""),
        (STORY, ""),
    ],
)
def test_for_whom_he_complains(story: str, whom: str, knowledge: Knowledge) -> None:
    assert read(story, knowledge).on_behalf == whom


@pytest.mark.parametrize(
    ("story", "group"),
    [
        ("我们几个人都被骗了", True),
        ("我们十几个客户买了同一款", True),
        ("大家都遇到重复扣费", True),
        ("我们小区业主联名投诉", True),
        ("我们等了两个小时", False),
        ("大家都在排队，只开一个窗口", False),
        ("我们两个月没收到对账单", False),
        ("一起等了半天", False),
        (STORY, False),
    ],
)
def test_whether_several_complain(story: str, group: bool, knowledge: Knowledge) -> None:
    assert read(story, knowledge).group is group


@pytest.mark.parametrize(
    ("story", "corporate"),
    [
        ("我们公司的账户被冻结了", True),
        ("对公账户开了两周没开下来", True),
        ("企业网银登录不了", True),
        ("我司申请的贷款一直没批", True),
        ("替我们公司投诉", True),
        ("我公司旁边的网点关门了", False),
        ("我们公司发工资用你们的卡，卡被锁了", False),
        ("公司户口本复印件", False),
        (STORY, False),
    ],
)
def test_whose_customer_it_is(story: str, corporate: bool, knowledge: Knowledge) -> None:
    assert read(story, knowledge).corporate is corporate


def test_a_story_that_says_nothing_else(knowledge: Knowledge) -> None:
    assert read(STORY, knowledge) == Particulars()


def test_a_long_text_is_read_in_no_time(knowledge: Knowledge) -> None:
    """Customers write at most a thousand characters; nothing here grows with their square."""
    for story in ("我们要" * 400, "替我" * 600, "把" * 1200, "我们公司的" * 240, "，退" * 600):
        read(story, knowledge)
