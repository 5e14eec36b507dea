"""Is a remark at the end of a conversation more than a remark? Pure; nothing here is shown.

A question, a complaint or a call for a person must not end in a thank-you. One too many is told how to go on: no harm.
"""

from __future__ import annotations

import re

from bot.text.normalise import normalise
from bot.text.person import asks_for_person

LONG = 60  # characters: who writes so much has something to be dealt with

_TROUBLE = re.compile(
    r"投诉|举报|监管|银保监|金监|12378|12363|人民银行|曝光|起诉|律师|维权|赔|骗|乱收|乱扣|多扣|多收|少了|被扣|没(?:有)?解决"
    r"|解决不了|没人管|不理|不处理|不给(?:办|解决|处理)|态度.{0,3}(?:差|坏|恶劣|不好)|太差|很差|差劲|恶劣|垃圾|气死|不满意|失望|推诿|踢皮球"
)
_QUESTION = re.compile(
    r"[?？]|[吗呢嘛]\s*$|怎么|怎样|咋|如何|多少|多久|什么时候|啥时候|几点|哪里|哪儿|哪个|为什么|为啥|能不能|可不可以|是不是"
)


def wants_more(text: str) -> bool:
    said = normalise(text)
    return len(said) > LONG or asks_for_person(text) or bool(_TROUBLE.search(said) or _QUESTION.search(said))
