"""What a script must keep to where it is read: short, and in one message with its mandatory texts and choices."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.files import Files
from bot.knowledge.model import Rendered, Script
from bot.knowledge.problems import Problem
from bot.knowledge.render import render
from bot.knowledge.snapshot import Knowledge
from bot.knowledge.vocabulary import LARGE_TYPE_CHARS, RESERVED_CHOICES, WECHAT_BYTES, WECHAT_CHARS

_LINE = 8  # bytes around a choice: its number, blank and line end
_LEAD = 60  # bytes for the line before the choices


def check_fit(files: Files, knowledge: Knowledge) -> Iterator[Problem]:
    """`knowledge` is made of `files`, in which nothing else is wrong."""
    for entry in files.all(Script):
        script: Script = entry.value
        said = knowledge.on(script.valid_from)
        warnings = said.disclosures_for(script.topics, script.valid_from)
        beside = "\n".join([*(d.text for d in warnings), *(said.disclosures[id_].text for id_ in script.disclosures)])
        for large_type in (False, True):
            variant, texts = script.wordings("wechat", large_type)
            for place in range(len(texts)):
                rendered = _rendered(said, script, place, large_type)
                where = next(path for path, text in script.every_text() if text is texts[place])
                body = rendered.text.split("\n\n")[0] if rendered.figures else rendered.text
                most = LARGE_TYPE_CHARS if "large_type" in variant else WECHAT_CHARS
                if len(body) > most:
                    message = f"填上数字后有{len(body)}个字，{'关怀版' if 'large' in variant else '微信里'}最多{most}个"
                    yield entry.problem(where, message, "写短一些，或另写一组 variants")
                elif (size := _size(rendered, beside)) > WECHAT_BYTES:
                    message = f"连同必须提示和按钮有{size}字节，一条微信消息最多{WECHAT_BYTES}"
                    yield entry.problem(where, message, "写短一些，或减少按钮：必须提示不能分开，也不能省")


def _rendered(said: Knowledge, script: Script, place: int, large_type: bool) -> Rendered:
    everywhere = frozenset(map(str, said.scripts)) | RESERVED_CHOICES
    return render(script, place, said.figures, said.phrases, said.bank, (), everywhere, "wechat", large_type)


def _size(rendered: Rendered, beside: str) -> int:
    choices = sum(len(choice.label.encode()) + _LINE for choice in rendered.choices)
    return len(rendered.text.encode()) + len(beside.encode()) + choices + (_LEAD if choices else 0)
