"""What plain words say of a case that one has: take it back, yes or no to a proposal, another look at the result.

Pure; nothing here is shown. Strict for a yes, which settles something; a no only brings the case back to a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum

from bot.conversation.model import Reserved
from bot.text.person import plain

LONGEST = 40  # characters: a longer message is a story


class Meant(Enum):
    WITHDRAW = "withdraw"
    AGREE = "agree"
    DISAGREE = "disagree"
    VAGUE = "vague"  # an answer to the proposal that may be a yes or a no: asked once more
    APPEAL = "appeal"
    PROGRESS = "progress"  # 帮我催一下: of what, only who has a case can leave out


_WITHDRAWS = re.compile(
    r"(?:撤回|撤销|撤掉|撤了|取消|不(?:想|用|要|再)*)(?:这个|这次|这件|我的|之前的|掉|了)*投诉(?!电话|渠道|热线|不|怎么|就)"
    r"|投诉(?:我)?(?:想|要|就|先|都)*(?:撤|不用(?:再)?(?:处理|办|管|查)|不必(?:再)?(?:处理|办|管))"
    r"|撤诉|撤单"
)
_OBJECTS = r"(?:不满意?|不服|不认可?|不接受|不同意|有异议|有意见|不公平|不合理|不认同)"
_APPEALS = re.compile(
    rf"申诉|复议|复核|(?:申请|要求|请求)(?:重新)?核查|重新(?:处理|核查|调查|办理)|{_OBJECTS}.{{0,6}}(?:结果|处理|答复)"
    rf"|(?:结果|处理|答复).{{0,8}}(?:{_OBJECTS}|太敷衍|不行)"
)
_PLAN = r"(?:这个|这样的?|这种|你们的?|该|处理|解决|提的?|给的?|说的?)*(?:方案|办法|处理意见)"
_SAYS_YES = r"(?:同意|接受|认可|没(?:有)?意见|没(?:有)?异议)"
_AGREES_NAMED = re.compile(
    rf"(?:我|那|行|好的?|可以|就|也|完全|嗯)*(?:{_SAYS_YES}{_PLAN}|对?{_PLAN}(?:我|可以)*(?:{_SAYS_YES}|可以|行))(?:了|的|办|处理)*"
    rf"|(?:我|那|行|好的?|可以|同意|就|嗯)*[按照]{_PLAN}(?:来|去)?(?:办理?|处理|做|执行)(?:了)?"
)
_AGREES = re.compile(
    rf"(?:我|那|行|好的?|可以|就|也|完全|嗯)*{_SAYS_YES}(?:了|的)?|(?:行|好的?|可以|那)*就?这[么样]办(?:了)?"
)
_NO = r"(?:不|没法|无法|不能|难以|拒绝)(?:能|太|会|想|愿意)*(?:同意|接受|认可|满意|认同)"
_DISAGREES_NAMED = re.compile(
    rf"{_NO}{_PLAN}|{_PLAN}.{{0,4}}(?:{_NO}|不行|不合理|不公平|太低|太少|没诚意)|{_PLAN}我?(?:不要|有异议|有意见)"
)
_DISAGREES = re.compile(rf"(?:我|这个?|还是|坚决|肯定|完全)*{_NO}")
_VAGUE = re.compile(r"(?:好的?|可以|行|嗯|ok|没问题|不行|不可以|不好|算了|随便|是的?|对|不是)+")
_TOUCHES = re.compile(r"同意|接受|认可|满意|答应|方案")  # 加一百我就同意 is neither a yes nor a no
_PROGRESS = re.compile(
    r"(?:帮我|麻烦|请|能)*催(?:一催|一下|促|办|催)?(?:我的|下)?(?:投诉|工单|处理|进度)?"
    r"|(?:怎么|为什么|为啥|到现在|都|还|一直|还是)*没(?:有)?人(?:来|跟|给|和)?我?(?:联系|找|回复|答复|处理|管|理)我?"
    r"|(?:怎么|到现在|都|一直)*还没(?:有)?(?:给)?(?:我)?(?:答复|回复|动静|联系我)"
)
_NODS = re.compile(r"\W*(?:(?:好的?|好吧|嗯+|哦+|行)[\W啊呀呢吧了]*)+")  # of which nothing is left without politeness


def meant(text: str, offered: Collection[str]) -> Meant | None:
    """`offered`: the buttons under what was said last; a bare 同意 is an answer only to what asked for it."""
    said = plain(text)
    if len(said) > LONGEST:
        return None
    if _WITHDRAWS.search(said):
        return Meant.WITHDRAW
    asked = Reserved.AGREE.value in offered
    if _DISAGREES_NAMED.search(said) or (asked and _DISAGREES.match(said)):
        return Meant.DISAGREE
    if _AGREES_NAMED.fullmatch(said) or (asked and _AGREES.fullmatch(said)):
        return Meant.AGREE
    if _APPEALS.search(said) or (Reserved.APPEAL.value in offered and _DISAGREES.match(said)):
        return Meant.APPEAL
    vague = (_VAGUE.fullmatch(said) or _TOUCHES.search(said)) if said else _NODS.fullmatch(text)
    if _AGREES.fullmatch(said) or _DISAGREES.fullmatch(said) or (asked and vague):
        return Meant.VAGUE
    return Meant.PROGRESS if _PROGRESS.fullmatch(said) else None
