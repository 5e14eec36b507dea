"""What a complaint says beside its facts, read off the customer's words (000-66, L1a). Pure; nothing here is shown.

Only a proposal that he reads back before he confirms: what is not plain stays empty, and a person may ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.knowledge import Knowledge
from bot.knowledge.model import Product
from bot.knowledge.places import names_of
from bot.text import places
from bot.text.entities import extract
from bot.text.normalise import normalise

WISH = 200  # characters of what he wants
YUAN = "CNY"

_SENTENCE = re.compile(r"[^。！!？?；;\n]+")
_CLAUSE = re.compile(r"[^,，、]+")
_SATISFACTION = r"(?:一?个)?(?:合理的?|满意的?|明确的?)?(?:说法|解释|道歉|交代|答复|补偿|赔偿|公道)"
_DEED = r"(?:退|赔|补|还|给|道歉|处理|解决|核实|调查|查清|恢复|取消|撤|删|更正|解除|说明|解释|整改|承担|换|把|向|停止)"
_AT_ONCE = r"(?:赶紧|马上|立即|立刻|尽快|现在)"
_YOU = r"(?:你们?|银行|贵行|他们?|她|柜员|经理)"
_ANYWHERE = (  # anywhere in a clause
    r"(?<![没抱有])希望(?!小学)",
    r"诉求(?:是|就是|:)",
    r"(?:我们|(?<![的按合被员理行们他她]))要求(?!我|本人|客户|出示|提供)",
    rf"我们?(?:就|只|现在|也)?(?:想|是)?要(?:求)?{_YOU}?(?:{_DEED}|{_SATISFACTION})",
    rf"(?<![不没未有])给我们?{_SATISFACTION}|(?:要|得|必须)(?:给|还|讨){_SATISFACTION}",
)
_AT_FIRST = (  # where a clause begins
    rf"(?:请求?|麻烦|恳请|恳求)(?:{_YOU}|领导|{_AT_ONCE}|务必|帮我?|给我)*{_DEED}",
    rf"(?:那|就|{_AT_ONCE}|{_YOU})*(?:必须|应该|得)(?:{_AT_ONCE}|给我?)?{_DEED}",
    rf"{_AT_ONCE}?(?:把.{{1,14}}?)?[退赔还](?:还|偿|回|给|一下)*(?:我|钱|款|费|本人)",
    rf"(?:给|要|讨){_SATISFACTION}",
    rf"{_AT_ONCE}(?:给我)?{_DEED}",
)
_WISH = re.compile("|".join((*_ANYWHERE, *(f"^{one}" for one in _AT_FIRST))))

_KIN = (
    r"(?:妈妈?|母亲|爸爸?|父亲|老[爸妈]|爷爷|奶奶|外公|外婆|姥姥|姥爷|父母|爸妈|老公|老婆|丈夫|妻子|爱人|儿子|女儿|孩子"
    r"|[哥姐弟妹]{1,2}|岳父|岳母|公公|婆婆|叔叔?|阿姨|舅舅|姑姑|家人|家里人|亲戚|朋友|同事|邻居)"
)
_WHOM = rf"((?:我|俺)?们?(?:家|的|家里)*(?:老人家?|{_KIN}(?:〔[^〕]*〕)?|公司|单位)|〔姓名[^〕]*〕)"
_SPEAKS = r"(?:来|在这里?|向你们|跟你们|打电话|提|发起|做|要)*(?:投诉|反映|举报|维权|申诉|讨个?说法)"
_ON_BEHALF = tuple(
    re.compile(one)
    for one in (
        rf"(?:[替代帮给为]|代替|代表){_WHOM}{_SPEAKS}",
        rf"受{_WHOM}的?(?:委托|所托)",
        rf"我是{_WHOM}的(?:代理人|委托人|监护人|律师)",
        rf"{_WHOM}[让叫托]我{_SPEAKS}",
        rf"{_WHOM}.{{0,60}}?[替帮代][他她]们?{_SPEAKS}",
    )
)
_PEOPLE = r"(?:人|客户|储户|业主|同事|邻居)"
_GROUP = re.compile(
    rf"我们(?:这|有)?(?:好|十|几)?(?:几|十几|几十|上百|多|些|[\d二两三四五六七八九十]{{1,3}})[个位名户](?!月|小时|多小时)"
    rf"|我们(?:这|有)?一[群帮批]|我们(?:很多|好多|这些){_PEOPLE}"
    rf"|(?:大家|好多人|很多人|不少人|好多{_PEOPLE}|很多{_PEOPLE})都(?!在|不?[排等坐])"
    r"|(?:一起|集体|联名|联合)(?:来|去)?(?:投诉|维权|举报|反映|申诉)|群体投诉"
)
_ACCOUNT = r"(?:账户|账号|户头|网银|回单|票据|支票|结算)"
_CORPORATE = re.compile(
    rf"我们?(?:公司|单位|企业|厂)的?(?:{_ACCOUNT}|基本户|一般户|贷款|对公|公户|在你们?(?:行|银行|这))"
    rf"|对公(?:{_ACCOUNT}|户|业务|转账|贷款)|(?:公司|企业)(?:{_ACCOUNT}|户(?!口))|公户|我司|本公司"
    r"|代表我?们?(?:公司|单位|企业)|[替代帮给为]我?们?(?:公司|单位)(?:来|向你们)*(?:投诉|反映|举报)"
)
_AT_BRANCH = re.compile(r"网点|支行|分行|营业[厅部]|分理处|储蓄所|柜[台员面]|窗口|大堂|叫号")


@dataclass(frozen=True)
class Particulars:
    """`product`: an id of knowledge; `amount`: a decimal string in `currency`; `branch`: a name."""

    request: str = ""
    product: str = ""
    amount: str = ""
    currency: str = YUAN
    branch: str = ""
    on_behalf: str = ""
    corporate: bool = False
    group: bool = False


def read(facts: str, knowledge: Knowledge, request: str = "") -> Particulars:
    """`request`: what he answered when he was asked for it; it wins over what stands in the story."""
    plain = normalise(facts)
    amount, currency = _amount(facts)
    return Particulars(
        request=(request or wish(facts))[:WISH],
        product=_product(plain, knowledge),
        amount=amount,
        currency=currency,
        branch=_branch(facts, knowledge),
        on_behalf=on_behalf(facts),
        corporate=bool(_CORPORATE.search(plain)),
        group=bool(_GROUP.search(plain)),
    )


def on_behalf(text: str) -> str:
    """For whom he complains, in his words; empty where it is for himself."""
    plain = normalise(text)
    return next((found[1] for one in _ON_BEHALF if (found := one.search(plain))), "")


def wish(text: str) -> str:
    """What he wants: in each sentence, from the clause that says so to the end. Empty where none does."""
    return "\n".join(_wishes(text))


def _wishes(text: str) -> Iterator[str]:
    plain = normalise(text)
    for sentence in _SENTENCE.finditer(plain):
        for clause in _CLAUSE.finditer(sentence[0]):
            blank = len(clause[0]) - len(clause[0].lstrip())
            if _WISH.search(clause[0].lstrip()):
                yield text[sentence.start() + clause.start() + blank : sentence.end()].strip()
                break


def _product(plain: str, knowledge: Knowledge) -> str:
    """The first one named, by the longest word that names it; what its list calls something else is none."""
    words = {normalise(word): product.id for product in knowledge.products.values() for word in _called(product)}
    others = {normalise(word) for product in knowledge.products.values() for word in product.unless}
    longest = sorted({*words, *others}, key=lambda word: -len(word))
    found = re.findall("|".join(map(re.escape, longest)), plain) if longest else []
    return next((words[word] for word in found if word not in others), "")


def _called(product: Product) -> tuple[str, ...]:
    return (product.name, *product.words)


def _amount(facts: str) -> tuple[str, str]:
    """The largest: by the number alone, as for the severity."""
    amounts = [entity for entity in extract(facts) if entity.kind == "amount"]
    largest = max(amounts, key=lambda entity: Decimal(entity.value), default=None)
    return ("", YUAN) if largest is None else (largest.value, largest.currency or YUAN)


def _branch(facts: str, knowledge: Knowledge) -> str:
    """The branch that he names; or the place, where he tells of a branch there."""
    named = places.find(names_of(knowledge.places.values(), knowledge.branches.values()), facts)
    branch = next((one.value for one in named if one.kind == places.BRANCH), None)
    if branch is not None:
        return knowledge.branches[branch].name
    place = next((one.value for one in named if one.kind == places.PLACE), "")
    return place if _AT_BRANCH.search(normalise(facts)) else ""
