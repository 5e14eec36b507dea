"""A customer who has left a message: how he wants to be called back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.conversation.model import Conversation, State
from bot.privacy.vault import PersonalRef
from bot.text.normalise import has_words, normalise

PURPOSE = "callback"  # what the vault keeps such a number for
REACHES = frozenset({"phone", "email"})

# What stands around a number that is only handed over ("我的手机号是…，打这个吧，谢谢"): no question, no refusal.
_HANDED_OVER = re.compile(
    r"您好|你好|好的?|可以|嗯+|请|麻烦|谢谢|我|本人|的|用|就|是|为|换成?|改成?|这个|新|回电|回复|回|联系|拨打|拨|打|发|给|到|在"
    r"|手机|电话|座机|邮箱|邮件|号码|号|方式|了|吧|啊|哦|哈|呢"
)


def listens(conversation: Conversation) -> bool:
    """Is a number that comes now one for the callback? Not while a form is open: what is given there is the form's."""
    return conversation.state is State.MESSAGE_LEFT and conversation.flow is None


def reaches(refs: Iterable[PersonalRef]) -> list[PersonalRef]:
    return [ref for ref in refs if ref.kind in REACHES]


def nothing_else(text: str, tokens: Iterable[str]) -> bool:
    """The (masked) message hands over a number or address and says nothing that needs an answer of its own."""
    for token in tokens:
        text = text.replace(token, " ")
    return not has_words(_HANDED_OVER.sub(" ", normalise(text)))
