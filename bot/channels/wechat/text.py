"""WeChat's form of what was said: few messages, short enough, with choices that can be answered by a number. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.wechat import splitting
from bot.channels.wechat.splitting import GRAPHEME, PIECE, Block, size, trim
from bot.knowledge.vocabulary import WECHAT_BYTES
from bot.text.normalise import normalise

LIMIT = WECHAT_BYTES
BESIDE_WARNINGS = 300  # bytes: with less room than this beside them, the mandatory texts stand in the last part only

Choices = tuple[tuple[str, str], ...]  # id, label


@dataclass(frozen=True)
class Piece:
    """One thing that was said. `mandatory` texts stand in `text`, or are added to it where they do not."""

    text: str
    mandatory: tuple[str, ...] = ()
    choices: Choices = ()
    speaker: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One message. `text` without the choices."""

    text: str
    choices: Choices = ()


def compose(pieces: Sequence[Piece], tail: str, limit: int = LIMIT) -> list[Outgoing]:
    """The pieces in as few messages as fit: at most `limit` bytes each, the last with its choices as `numbered` by
    `tail`, the line before them. Cut only where one message cannot hold it: between pieces, else between paragraphs,
    else between sentences, else between what a reader sees as characters. Warnings are never cut and stay with what
    they belong to, in every part of it (acceptance 2); one longer than a message is the only one that is cut. Only
    choices longer than a message make one too long.
    """
    choices = _union(pieces)
    said = [piece for piece in pieces if trim(piece.text) or _warnings(piece)]
    whole = Outgoing(splitting.JOINT.join(map(_whole, said)), choices)
    if not whole.text and not choices:
        return []
    if not whole.text or size(numbered(whole, tail)) <= limit:
        return [whole]
    room = limit - size(numbered(Outgoing("", choices), tail)) - len(splitting.JOINT)
    alone = bool(choices) and room < BESIDE_WARNINGS  # hardly a word would fit beside the choices
    last = limit if alone or not choices else room
    blocks = [
        block
        for place, piece in enumerate(said)
        for block in _blocks(place, piece, last if place == len(said) - 1 else limit)
    ]
    texts = splitting.pack(blocks, limit, last)
    if alone:
        return [*map(Outgoing, texts), Outgoing("", choices)]
    return [*map(Outgoing, texts[:-1]), Outgoing(texts[-1], choices)]


def numbered(outgoing: Outgoing, lead: str) -> str:
    """The text with its choices as lines, "1 转人工"; `lead` stands before them."""
    if not outgoing.choices:
        return outgoing.text
    lines = [f"{place} {label}" for place, (_, label) in enumerate(outgoing.choices, start=1)]
    return splitting.JOINT.join(filter(None, [outgoing.text, "\n".join(filter(None, [lead, *lines]))]))


def _union(pieces: Sequence[Piece]) -> Choices:
    """The choices of all pieces in their order, each id once."""
    union: dict[str, tuple[str, str]] = {}
    for piece in pieces:
        for id_, label in piece.choices:
            union.setdefault(id_, (id_, label))
    return tuple(union.values())


def _lead(piece: Piece) -> str:
    return f"【{piece.speaker}】" if piece.speaker else ""


def _whole(piece: Piece) -> str:
    added = [warning for warning in _warnings(piece) if not _pattern(warning).search(normalise(piece.text))]
    return _lead(piece) + "\n".join(filter(None, [trim(piece.text), *added]))


def _blocks(place: int, piece: Piece, room: int) -> list[Block]:
    """The piece as one block, or where it is longer than `room`, in as many as needed."""
    if size(whole := _whole(piece)) <= room:
        return [Block(place, whole, border=PIECE)]
    lead, warnings = _lead(piece), _warnings(piece)
    body, together = _without(piece.text, warnings), "\n".join(warnings)
    beside = room - size(lead) - len("\n") - size(together)
    if not warnings or (body and beside >= BESIDE_WARNINGS):
        inside = beside if warnings else room - size(lead)
        return splitting.blocks(place, body, inside, lead=lead, foot=together)
    inside = room - size(lead)
    last = [together] if size(together) <= inside else warnings
    return [
        *splitting.blocks(place, body, inside, lead=lead, border=GRAPHEME),  # some words stay with them
        *(block for warning in last for block in splitting.blocks(place, warning, inside, lead=lead)),
    ]


def _warnings(piece: Piece) -> list[str]:
    """Each once; one that stands in another is said with it."""
    given = [warning.strip() for warning in dict.fromkeys(piece.mandatory) if normalise(warning).strip()]
    return [warning for warning in given if not any(warning != other and warning in other for other in given)]


def _without(text: str, warnings: Sequence[str]) -> str:
    """The text without its mandatory ones, wherever they stand in it."""
    for warning in sorted(warnings, key=len, reverse=True):
        read = normalise(text)
        for found in reversed(list(_pattern(warning).finditer(read))):
            text = text[: found.start()] + "\n" + text[found.end() :]
    return trim(text)


def _pattern(warning: str) -> re.Pattern[str]:
    """Finds it in a normalised text as the guard does: without regard for blanks, line ends and width."""
    return re.compile(r"\s*".join(map(re.escape, "".join(normalise(warning).split()))))
