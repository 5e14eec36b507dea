"""What is entered of a complaint, or put right in it: what it may hold, and it without personal data. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.errors import InvalidInput
from bot.text.mask import Found, is_token, mask, named
from bot.text.normalise import clean
from bot.tickets.model import REPRESENTATIVES, Fields

KEPT = ("phone", "email", "name")  # what may be needed again; other numbers are only masked


@dataclass(frozen=True)
class Entry:
    """What is entered. `conversation_id`: from a chat; else `channel` says where it came from."""

    facts: str
    channel: str = ""
    conversation_id: str | None = None
    received_at: datetime | None = None
    name: str = ""
    contact: str = ""  # a phone number or a mail address
    severity: str = ""
    fields: Fields = field(default_factory=Fields)


def check(entry: Entry) -> None:
    """Raises InvalidInput that names the field."""
    if len(entry.fields.representatives) > REPRESENTATIVES:
        raise InvalidInput("at most five", phrase="problem_entry_representatives", field="representatives")
    if entry.contact and not [one for one in mask(entry.contact).found if one.kind in ("phone", "email")]:
        raise InvalidInput("no phone number or mail address", phrase="problem_entry_contact", field="contact")


def masked(entry: Entry) -> tuple[tuple[Found, ...], Entry]:
    """Personal data out of every field; the customer's name and how to reach him first."""
    given: list[Found] = [one for one in mask(entry.contact).found if one.kind in ("phone", "email")][:1]
    others: list[Found] = []
    called = (clean(entry.name).strip(), *entry.fields.representatives)
    names = [named(name) for name in called if name.strip() and not is_token(name)]
    given += names

    def hidden(text: str) -> str:
        text = clean(text).strip()
        for one in names:
            text = text.replace(one.value, one.token)
        read = mask(text, names=True)
        others.extend(one for one in read.found if one.kind in KEPT and one not in given)
        return read.text

    fields = entry.fields
    kept = replace(
        fields,
        **{name: hidden(value) for name, value in vars(fields).items() if isinstance(value, str)},
        representatives=tuple(map(hidden, fields.representatives)),
    )
    shown = replace(
        entry, facts=hidden(entry.facts), name=hidden(entry.name), contact=hidden(entry.contact), fields=kept
    )
    return tuple(dict.fromkeys([*given, *others])), shown
