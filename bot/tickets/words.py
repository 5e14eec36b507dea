"""What a customer's reply in the complaint form means, where words alone decide. Pure; nothing here is shown.

Strict where something irreversible follows (confirming). Who wants a person is read in bot/text/person.py.
"""

from __future__ import annotations

import re

from bot.text.normalise import normalise
from bot.text.person import plain
from bot.tickets.model import Step

REPLY = 30  # characters

_FORMULA = re.compile(
    r"你好|您好|请问|我(?:现在)?(?:要|想|需要|来)|帮我|给我|一个|一下|这个|投诉|举报|反映|反馈|问题|情况"
    r"|你们|贵行|我行|银行|你行|的|了|啊|吧|呢"
)

_CONFIRMS = re.compile(
    r"(?:是的?|对的?|没错|正确|无误|没有?问题|确认|确定|提交|可以提交|同意提交|就这样提交|核对无误)+"
)
_CANCELS = re.compile(
    r"(?:(?:我|还是|就|先)*"
    r"(?:算了?|不(?:想|要|用|再)*投诉|不想?[弄填说]|(?:取消|放弃|撤销|撤回)(?:这个|这次)?(?:投诉)?|退出))+"
)
_NO_NEED = re.compile(r"不用|不要|不必|不需要|没必要")
_EDITS = re.compile(
    r"(?:我|还|想|要|需要|得|请|帮我)*(?:不对|不是的?|不正确|不准确|错|有误|写错|填错|不|否|不是这样)"
    r"|.{0,6}(?:修改|改一下|改下|要改|想改|更正|补充一下|改改).{0,6}"
)
_KEEPS = re.compile(r"不(?:用|需要|想|要)?(?:修改|改|更改)|没有要改")
_NUMBERS = "(?:电话|手机号?码?|号码|联系方式|邮箱)"
_HERE = "[就在用通过从这个里儿本聊天对话微信公众号网页线上站内中]"
_NO_CONTACT = re.compile(
    rf"(?:我?没有?{_NUMBERS}+|没有"
    rf"|我?不(?:想|愿意?|方?便|用|要|必|需要)*(?:留|提供|给|说|透露|填)?{_NUMBERS}*"
    rf"|{_HERE}{{2,}}(?:联系|回复|答复|通知|找我|告诉我|说).{{0,8}}"
    r"|保密)+"
)
_NOTHING = re.compile(
    r"(?:我|暂时|目前|也|还)*(?:没有?|无)(?:什么|啥|别的|其他|特别的?)*(?:要求|想法|诉求|想好|意见)?|不知道|不清楚|不好说|说不好"
    r"|随便你?们?|都行|都可以|无所谓|你?们?看着办|跳过|先不说|不(?:用|想|必|需要)(?:说|填)?|先?这样"
)
_ASKS = re.compile(
    r"[?？]\s*$|[吗么嘛]\s*$|多少|多久|(?<![好前后这那十们])几[点号天个时](?!人)|哪[里儿个些]|在哪|什么时候|什么时间|如何|能不能|可不可以|有没有"
    r"|怎么(?:办|操作|申请|开|查|改|弄|设置|转|还|用)"
)
_COMPLAINS = re.compile(
    r"[要想去]投诉|举报|凭什么|为什么|为啥|怎么能|怎么会|怎么可以|乱|无故|莫名|骗|恶劣|态度|太过分|赔|退[我给钱款还]"
)
_NUMBER = re.compile(r"(?<![a-z])(ts|hf)[ -]*(\d{8})[ —–-]*(\d{6})(?!\d)")  # TS20261122-000001, typed by hand
_CONTACT_PART = re.compile(r"电话|手机|号码|联系|邮箱")
_FACTS_PART = re.compile(r"内容|经过|事情|情况|事实|描述|问题")
_REQUEST_PART = re.compile(r"(?:要求|诉求)(?:$|[改写填不有错要想])")


def substance(text: str) -> int:
    """How many characters say something beyond "I want to complain"."""
    return len(core(text))


def core(text: str) -> str:
    """What is said beyond "I want to complain", without case numbers."""
    return _FORMULA.sub("", plain(_NUMBER.sub("", normalise(text))))


def confirms(text: str) -> bool:
    """Only clear words confirm: no emoji, no "嗯", no "好的" alone."""
    return _is(_CONFIRMS, text)


def cancels(text: str) -> bool:
    return _is(_CANCELS, text)


def declines(text: str) -> bool:
    """ "不用了": what it refuses depends on what was asked."""
    return _is(_NO_NEED, text)


def edits(text: str) -> bool:
    return _is(_EDITS, text) and not keeps(text)


def keeps(text: str) -> bool:
    """On second thoughts nothing is to be changed."""
    return _is(_KEEPS, text)


def refuses_contact(text: str) -> bool:
    return _is(_NO_CONTACT, text)


def wants_nothing(text: str) -> bool:
    """Asked what he wants he says nothing of it; 随便, 没有, 不知道."""
    return _is(_NOTHING, text) or declines(text)


def only_digits(text: str) -> bool:
    """A number that is none: it answers nothing but how to be reached."""
    return plain(text).isdecimal()


def looks_like_question(text: str) -> bool:
    """A short question, not a reproach in the form of one: what is told in a complaint is never lost to an answer."""
    read = normalise(text)
    return len(read) <= 40 and bool(_ASKS.search(read)) and not _COMPLAINS.search(read)


def names_part(text: str) -> Step | None:
    """Which part shall be changed, where the customer only names it."""
    if len(plain(text)) > 10:
        return None
    parts = {Step.CONTACT: _CONTACT_PART, Step.FACTS: _FACTS_PART, Step.REQUEST: _REQUEST_PART}
    named = [step for step, words in parts.items() if words.search(plain(text))]
    return named[0] if len(named) == 1 else None


def numbers_in(text: str) -> set[str]:
    """Case numbers, as stored, however they were typed."""
    return {f"{kind.upper()}{day}-{count}" for kind, day, count in _NUMBER.findall(normalise(text))}


def _is(pattern: re.Pattern[str], text: str) -> bool:
    """The whole reply and nothing else. Long texts are no replies of this kind, and are not tried."""
    said = plain(text)
    return len(said) <= REPLY and bool(pattern.fullmatch(said))
