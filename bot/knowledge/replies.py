"""knowledge/replies.yml: what agents say every day, to be put into a reply with one click."""

from __future__ import annotations

from typing import Literal

from bot.knowledge.fields import Frozen, Identifier, Label, Text

AGENT = "agent"  # the blank for the agent's own name
Moment = Literal["claim", "busy", "end"]


class Reply(Frozen):
    """A quick reply. `when`: at the claim, meanwhile, at the end.

    Of those at the claim the first stands ready as a greeting: the first that names the `reasons` for which the
    customer came, else the first that names none.
    """

    id: Identifier
    title: Label
    text: Text
    when: tuple[Moment, ...] = ()
    reasons: tuple[str, ...] = ()
