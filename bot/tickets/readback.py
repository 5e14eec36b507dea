"""What was told, as it is read back to the customer before he confirms, and as the case keeps it. Pure."""

from __future__ import annotations

from bot.knowledge import Knowledge
from bot.tickets import particulars
from bot.tickets.model import Contact, Draft, Fields
from bot.tickets.particulars import YUAN, Particulars
from bot.tickets.severity import severity_of

SUMMARY = 300  # characters of the facts that are read back


def summary(draft: Draft, knowledge: Knowledge) -> dict[str, str]:
    """The blanks of the phrase complaint_confirm. `read`: a line for each thing that was read, empty where none was."""
    cut = len(draft.facts) > SUMMARY
    return {
        "facts": draft.facts[:SUMMARY] + ("…" if cut else ""),
        "contact": contact_words(draft.contact, knowledge),
        "severity": severity_of(draft.facts, knowledge.complaints).value,
        "read": "".join(f"{line}\n" for line in _lines(_read(draft, knowledge), knowledge)),
    }


def told(draft: Draft, knowledge: Knowledge) -> tuple[Fields, bool]:
    """The fields of the case (000-66), and whether several people complain."""
    found = _read(draft, knowledge)
    fields = Fields(
        request=found.request,
        product=found.product,
        amount=_amount(found, knowledge),
        branch=found.branch,
        on_behalf=found.on_behalf,
        customer_type="corporate" if found.corporate else "personal",
    )
    return fields, found.group


def contact_words(contact: Contact | None, knowledge: Knowledge) -> str:
    """How the customer will be reached, as it may be shown: tokens, never values."""
    if contact is None or contact.ref is None:
        return knowledge.phrase("contact_in_chat")[0]
    return f"{contact.name_token}{contact.token}"


def _read(draft: Draft, knowledge: Knowledge) -> Particulars:
    return particulars.read(draft.facts, knowledge, draft.request)


def _lines(found: Particulars, knowledge: Knowledge) -> list[str]:
    values = {
        "request": found.request,
        "product": knowledge.products[found.product].name if found.product else "",
        "amount": _amount(found, knowledge),
        "branch": found.branch,
        "on_behalf": found.on_behalf,
    }
    lines = [knowledge.phrase(f"complaint_read_{part}", value=value)[0] for part, value in values.items() if value]
    flags = {"corporate": found.corporate, "group": found.group}
    return [*lines, *(knowledge.phrase(f"complaint_read_{part}")[0] for part, so in flags.items() if so)]


def _amount(found: Particulars, knowledge: Knowledge) -> str:
    if not found.amount:
        return ""
    if found.currency == YUAN:
        return knowledge.phrase("complaint_amount", amount=found.amount)[0]
    return knowledge.phrase("complaint_amount_foreign", amount=found.amount, currency=found.currency)[0]
