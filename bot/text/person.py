"""Does a customer ask for a person, in plain words? Pure; nothing here is shown.

Words alone decide it where no model may: in the complaint form, and while the assistant is stopped.
"""

from __future__ import annotations

import re
import unicodedata

from bot.text.normalise import normalise

WISH = 20  # characters

_TOKEN = re.compile(r"〔[^〕]*〕")
_CALLS = re.compile(r"你好|您好|请问|在吗|亲|麻烦|谢谢|那个|那就|那|嗯+|哦+|好的|好吧|啊|呀|呢|吧|了|哈|哎|唉|额|呃")
_PERSON = re.compile(
    r"转(?:接)?(?:到)?人工|找(?:个)?(?:人工|真人)|要(?:个)?(?:人工|真人)|接(?:通)?人工|人工(?:客服|服务|坐席)|^人工$|真人客服"
)
_NO_PERSON = re.compile(  # 能不能转人工, 要不转人工吧, 为什么不转人工, 不转人工吗 ask for one
    r"(?<![能可么啥要])(?:不|别|无需|没(?=[要想叫说]))(?:需要|要|用|想|必|叫|说)?要?(?:给我|帮我)?(?:转|找|接)?(?:到|通)?"
    r"(?:人工|真人)(?!.{0,4}[吗嘛]$)"
)


def plain(text: str) -> str:
    """Letters, digits and Chinese characters only: no emoji, no punctuation, no politeness."""
    letters = "".join(c for c in normalise(_TOKEN.sub("", text)) if unicodedata.category(c)[0] in "LN")
    return _CALLS.sub("", letters)


def asks_for_person(text: str) -> bool:
    """Short and plain. A story in which 人工 occurs is a story."""
    return len(plain(text)) <= WISH and bool(_PERSON.search(plain(text))) and not refuses_person(text)


def refuses_person(text: str) -> bool:
    return bool(_NO_PERSON.search(plain(text)))
