"""Cutting a long text where it hurts least, and packing what it is cut into. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

JOINT = "\n\n"  # between two pieces in one message
PIECE, PARAGRAPH, SENTENCE, GRAPHEME = range(4)  # borders, the better first

# What one cut costs. A message outweighs any number of cuts, a worse border any number of better ones.
_CUT = {PIECE: 0, PARAGRAPH: 1, SENTENCE: 10**4, GRAPHEME: 10**8}
_MESSAGE = 10**12

_GRAIN = 48  # bytes: a sentence that is too long is cut to grains of whole graphemes, not to single ones
_ENDS = frozenset("。！？；…")
_HALF_ENDS = frozenset(".!?;")  # where no letter or digit follows: not within 3.5 or an address
_CLOSING = frozenset("”’」』）)】》\"'")


@dataclass(frozen=True)
class Block:
    """Words that stay together. In every message the words of a piece stand between its `lead` and its `foot`."""

    piece: int
    text: str
    border: int  # what kind of border is behind it
    gap: str = ""  # the blanks behind it, where it is not the last in its message
    lead: str = ""
    foot: str = ""


def size(text: str) -> int:
    """In bytes of UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def trim(text: str) -> str:
    """Without the blanks at its ends; one that carries an accent is no blank."""
    return _trimmed(_graphemes(text))[0]


def blocks(piece: int, text: str, room: int, *, lead: str = "", foot: str = "", border: int = PIECE) -> list[Block]:
    """The text in blocks of at most `room` bytes, cut no finer than that needs; `border` is what stands behind it."""
    found = [
        Block(piece, words, kind, gap, lead, foot)
        for graphemes, kind in _cut(_graphemes(text), room, PARAGRAPH)
        for words, gap in [_trimmed(graphemes)]
        if words
    ]
    return [*found[:-1], replace(found[-1], border=border, gap="\n")] if found else []


def pack(found: Sequence[Block], room: int, last: int) -> list[str]:
    """The blocks as texts of at most `room` bytes, the last one of at most `last`: as few as can be, cut at the best
    borders among these. Only a block that is too long by itself makes one longer.
    """
    inside = [size(block.text + block.gap) for block in found]  # bytes before another block of its piece
    closing = [size(block.text + block.lead + _foot(block)) for block in found]  # bytes as the last one of its piece
    costs, begins = [0], [0]
    for end in range(1, len(found) + 1):
        length = closing[end - 1]
        most = last if end == len(found) else room
        ways = [(costs[end - 1] + _cost(found, end - 1), 1 - end)]  # cost and begin of the message that ends here
        for begin in range(end - 2, -1, -1):
            same = found[begin].piece == found[begin + 1].piece
            length += inside[begin] if same else closing[begin] + len(JOINT)
            if length > most:
                break
            ways.append((costs[begin] + _cost(found, begin), -begin))
        cost, at = min(ways)  # of two equal ways the one that fills the earlier message
        costs.append(cost)
        begins.append(-at)
    return _texts(found, begins)


def _texts(found: Sequence[Block], begins: Sequence[int]) -> list[str]:
    texts: list[str] = []
    end = len(found)
    while end:
        texts.insert(0, _rendered(found[begins[end] : end]))
        end = begins[end]
    return texts


def _rendered(message: Sequence[Block]) -> str:
    text = ""
    for place, block in enumerate(message):
        first = place == 0 or message[place - 1].piece != block.piece
        final = place == len(message) - 1 or message[place + 1].piece != block.piece
        text += (JOINT if first and place else "") + (block.lead if first else "") + block.text
        text += _foot(block) if final else block.gap
    return text


def _cost(found: Sequence[Block], begin: int) -> int:
    """Of a message that begins with this block."""
    return _MESSAGE + (_CUT[found[begin - 1].border] if begin else 0)


def _foot(block: Block) -> str:
    return "\n" + block.foot if block.foot else ""


def _graphemes(text: str) -> list[str]:
    """What a reader sees as characters."""
    return regex.findall(r"\X", text)


def _cut(graphemes: Sequence[str], room: int, border: int) -> Iterator[tuple[Sequence[str], int]]:
    """Parts that fit, each with the border behind it: paragraphs, and sentences of those that do not fit, and so on."""
    if border == GRAPHEME:
        yield from ((grain, GRAPHEME) for grain in _grains(graphemes, room))
        return
    for part in _paragraphs(graphemes) if border == PARAGRAPH else _sentences(graphemes):
        if size(_trimmed(part)[0]) <= room:
            yield part, border
            continue
        finer = list(_cut(part, room, border + 1))
        yield from finer[:-1]
        yield finer[-1][0], border


def _paragraphs(graphemes: Sequence[str]) -> Iterator[Sequence[str]]:
    begin, ended = 0, False
    for place, (one, following) in enumerate(pairwise(graphemes), start=1):
        ended = "\n" in one or (ended and one.isspace())
        if ended and not following.isspace():
            yield graphemes[begin:place]
            begin = place
    yield graphemes[begin:]


def _sentences(graphemes: Sequence[str]) -> Iterator[Sequence[str]]:
    begin, ended = 0, False
    for place, (one, following) in enumerate(pairwise(graphemes), start=1):
        half = one in _HALF_ENDS and not ("!" <= following[0] <= "~")
        ended = one in _ENDS or half or (ended and (one in _CLOSING or one.isspace()))
        if ended and not (following in _ENDS or following in _CLOSING or following.isspace()):
            yield graphemes[begin:place]
            begin = place
    yield graphemes[begin:]


def _grains(graphemes: Sequence[str], room: int) -> Iterator[Sequence[str]]:
    """What is one character to a reader and yet too long for a message can only be cut by what Unicode calls one."""
    grain: list[str] = []
    for grapheme in graphemes:
        for one in [grapheme] if size(grapheme) <= room else grapheme:
            if grain and not one.isspace() and size("".join(grain) + one) > min(_GRAIN, room):
                yield grain
                grain = []
            grain.append(one)
    yield grain


def _trimmed(graphemes: Sequence[str]) -> tuple[str, str]:
    """The text without the blanks at its ends, and the blanks behind it."""
    begin, end = 0, len(graphemes)
    while end and graphemes[end - 1].isspace():
        end -= 1
    while begin < end and graphemes[begin].isspace():
        begin += 1
    return "".join(graphemes[begin:end]), "".join(graphemes[end:])
