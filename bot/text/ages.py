"""How old the customer says he is: 我七十三了, 本人今年68岁, 快八十的人了. Pure; ages of others are not read."""

from __future__ import annotations

import re

from bot.text.entities import number
from bot.text.normalise import normalise

_NUMBER = r"(?P<n>\d{2,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]十)"
_MORE = r"[多来几好]*"
_BETWEEN = r"(?:今年|现在|已经|都|快要?|马上|也|就|是|个|有|年纪|年龄|岁数|老|一个|这|要|到|满|过|,|:| )*"
_SELF = r"(?:我|俺|本人|咱|老汉|老头子|老头|老太太|老太婆|老婆子)"
_YEARS = r" ?(?:周?岁|歲)"
_AGES = (
    re.compile(rf"{_SELF}{_BETWEEN}{_NUMBER}{_MORE}(?:{_YEARS}| ?了| ?的人| ?高龄)"),
    re.compile(rf"(?:^|[,。!?;\n ])(?:今年|已经|都|快要?|马上)+{_NUMBER}{_MORE}{_YEARS}"),
    re.compile(rf"(?:^|[,。!?;\n ]){_NUMBER}{_MORE}{_YEARS}(?:的人)?了"),
)
_OTHERS = re.compile(
    r"妈|爸|爷|奶|外婆|外公|姥|父|母|家里?老人|老人家|丈人|婆婆|公公|老伴|老公|老婆(?!子)|爱人|儿|女|孙|他|她|亲戚|邻居|叔|姨|舅|姑|伯|客户|朋友"
)
OLDEST = 120


def stated_age(text: str) -> int | None:
    """Of 七十多 the round number. None where he does not say it of himself."""
    said = normalise(text)
    for pattern, of_himself in zip(_AGES, (True, False, False), strict=True):
        if not of_himself and _OTHERS.search(said):
            continue  # whose age it is stands elsewhere in the text
        for match in pattern.finditer(said):
            age = number(match["n"])
            if age is not None and age <= OLDEST:
                return int(age)
    return None
