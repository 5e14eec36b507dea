"""The complaint form as a conversation: what happened, what do you want, how to reach you, is this right.

One pure step for each message.

A step is given the draft and what was said, and gives the draft that follows and what the assistant does. Nothing the
customer tells is thrown away, nothing is confirmed by a vague word, and 转人工 is open at every moment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.conversation.model import Act, Answer, EndThread, Flow, Handover, Line, Reserved
from bot.knowledge import Knowledge
from bot.tickets import particulars, words
from bot.tickets.model import Contact, Draft, DraftState, Step
from bot.tickets.particulars import wish
from bot.tickets.readback import summary

STORY = 12  # characters that make a message a story of its own
ENOUGH = 6  # characters that make an answer to "what happened"
RELATION = 5  # beside a number: 我是他儿子
ASK_CONTACT_AGAIN = 1  # then this chat is the contact, so that nobody is stuck

Acts = tuple[Act, ...]
CANCELLED: Acts = (Line("complaint_cancelled"), Flow(None), EndThread())


@dataclass(frozen=True)
class Said:
    """One message, as far as the form is concerned with it.

    `contact`: a phone number or e-mail address in this very message. `answer`: the script that answers it, where it is
    a question asked in between, or an urgent matter that has a script.
    """

    text: str
    choice: str | None = None
    contact: Contact | None = None
    answer: str | None = None
    urgent: bool = False
    wants_person: bool = False


def begin(said: Said, known: Contact | None, knowledge: Knowledge) -> tuple[Draft, Acts]:
    """The first message. A story in it is the answer to the first question; a number given before is offered."""
    draft = Draft(contact=known)
    told = ENOUGH if said.contact is None else STORY  # beside a number, "这是我的联系电话" is no story
    if said.choice is None and words.substance(said.text) >= told:
        return step(draft, said, knowledge)
    if said.choice is None and (said.urgent or said.wants_person):
        return step(draft, said, knowledge)
    return draft, prompt(draft, knowledge)


def step(draft: Draft, said: Said, knowledge: Knowledge) -> tuple[Draft, Acts]:
    """The draft's state DONE tells the caller to open the case in the same transaction."""
    if said.choice is not None:
        return _chosen(draft, said, knowledge)
    if draft.step is Step.CONFIRM and means_confirm(said):
        return _done(draft)
    if means_cancel(said) or (words.declines(said.text) and draft.step is Step.FACTS and not draft.editing):
        return _cancel(draft)
    told = _tell(draft, said)
    if said.wants_person:
        return told, (Line("complaint_interrupted"), Handover("asked"))
    if said.urgent:
        return told, (*((Answer(said.answer),) if said.answer else ()), Handover("urgent"))
    if said.answer is not None:
        return _between(draft, said.answer, knowledge)
    steps = {Step.FACTS: _facts, Step.REQUEST: _request, Step.CONTACT: _contact, Step.CONFIRM: _confirm}
    return steps[draft.step](draft, said, knowledge)


def prompt(draft: Draft, knowledge: Knowledge, phrase: str | None = None) -> Acts:
    """Ask for what is missing, and say where the form stands."""
    if draft.step is Step.CONFIRM and phrase is None:
        line = Line("complaint_confirm", summary(draft, knowledge), quoted=("facts", "read"))
    else:
        line = Line(phrase or f"complaint_{draft.step.value}{_for_whom(draft, knowledge)}")
    return line, Flow(f"complaint:{draft.step.value}")


def _for_whom(draft: Draft, knowledge: Knowledge) -> str:
    """Said with the contact, and only then: by what authority he speaks; that many name representatives (L1a)."""
    if draft.step is not Step.CONTACT or draft.editing:
        return ""
    found = particulars.read(draft.facts, knowledge)
    return "_behalf" if found.on_behalf else "_group" if found.group else ""


def means_confirm(said: Said) -> bool:
    """The button, or clear words; never an emoji or a vague "嗯"."""
    return said.choice == Reserved.CONFIRM.value if said.choice is not None else words.confirms(said.text)


def means_cancel(said: Said) -> bool:
    return said.choice == Reserved.CANCEL.value if said.choice is not None else words.cancels(said.text)


def _facts(draft: Draft, said: Said, knowledge: Knowledge) -> tuple[Draft, Acts]:
    """An answer that says too little is kept and asked about once; one that says nothing is asked for again."""
    told = _with_contact(draft, said)
    if words.substance(said.text) == 0:
        if told.facts and not told.editing:  # the form is taken up again
            return _advance(told, knowledge)
        return told, prompt(told, knowledge, "complaint_facts_more")
    told = _with_facts(told, said, instead=draft.editing)
    if words.substance(told.facts) < ENOUGH and told.asked == 0:
        told = replace(told, asked=1, editing=False)
        return told, prompt(told, knowledge, "complaint_facts_more")
    return _advance(told, knowledge)


def _request(draft: Draft, said: Said, knowledge: Knowledge) -> tuple[Draft, Acts]:
    """What he wants, asked once: whatever he says instead is kept, and the form goes on."""
    told = _with_contact(draft, said)
    if words.keeps(said.text) or words.wants_nothing(said.text) or words.confirms(said.text):
        return _advance(told, knowledge)
    if said.contact is not None:
        return _advance(replace(told, request=wish(said.text) or told.request), knowledge)
    if words.refuses_contact(said.text):
        return _advance(replace(told, contact=told.contact or Contact()), knowledge)
    if words.substance(said.text) == 0 or words.only_digits(said.text):
        return _advance(told, knowledge)
    if wish(said.text) or words.substance(said.text) < STORY or draft.editing:
        return _advance(replace(told, request=said.text.strip()), knowledge)
    return _advance(_with_facts(told, said, instead=False), knowledge)


def _contact(draft: Draft, said: Said, knowledge: Knowledge) -> tuple[Draft, Acts]:
    told = _tell(draft, said)
    if said.contact is not None and _for_whom(draft, knowledge) and told.facts == draft.facts:
        told = _with_facts(told, said, instead=False) if words.substance(said.text) >= RELATION else told
    if said.contact is not None or (draft.editing and words.keeps(said.text)):
        return _advance(told, knowledge)
    if words.refuses_contact(said.text) or words.declines(said.text):
        return _advance(replace(told, contact=Contact()), knowledge)
    if told.asked >= ASK_CONTACT_AGAIN:
        return _advance(replace(told, contact=told.contact or Contact()), knowledge)
    told = replace(told, asked=told.asked + 1)
    return told, prompt(told, knowledge, "complaint_contact_again")


def _confirm(draft: Draft, said: Said, knowledge: Knowledge) -> tuple[Draft, Acts]:
    if words.keeps(said.text):
        return _advance(draft, knowledge)
    if said.contact is not None:
        return _advance(_tell(draft, said), knowledge)
    part = words.names_part(said.text)
    if part is not None and (draft.editing or words.edits(said.text)):
        changed = replace(draft, step=part, asked=0, editing=True)
        return changed, prompt(changed, knowledge)
    if words.edits(said.text):
        return _edit(draft, knowledge)
    if draft.editing and wish(said.text) == said.text.strip():  # only that changes: the story stands
        return _advance(replace(draft, request=said.text.strip()), knowledge)
    if words.substance(said.text) >= ENOUGH or wish(said.text):
        return _advance(_with_facts(draft, said, instead=draft.editing), knowledge)
    return _edit(draft, knowledge) if draft.editing else _advance(draft, knowledge)


def _chosen(draft: Draft, said: Said, knowledge: Knowledge) -> tuple[Draft, Acts]:
    if said.choice == Reserved.HUMAN.value:
        return draft, (Line("complaint_interrupted"), Handover("asked"))
    if means_cancel(said):
        return _cancel(draft)
    if draft.step is Step.CONFIRM and means_confirm(said):
        return _done(draft)
    if draft.step is Step.CONFIRM and said.choice == Reserved.EDIT.value:
        return _edit(draft, knowledge)
    if said.answer is not None:
        return _between(draft, said.answer, knowledge)
    if draft.step is Step.REQUEST:  # skipped, by whatever button
        return _advance(draft, knowledge)
    return draft, prompt(draft, knowledge)  # an old button: where the form stands, it says nothing


def _advance(draft: Draft, knowledge: Knowledge) -> tuple[Draft, Acts]:
    """To the first thing that is still missing. What he wants is asked on the way from the facts, and never again."""
    if not draft.facts:
        missing = Step.FACTS
    elif draft.step is Step.FACTS and not (draft.editing or draft.request or wish(draft.facts)):
        missing = Step.REQUEST
    elif draft.contact is None:
        missing = Step.CONTACT
    else:
        missing = Step.CONFIRM
    moved = replace(draft, step=missing, asked=draft.asked if missing is draft.step else 0, editing=False)
    return moved, prompt(moved, knowledge)


def _edit(draft: Draft, knowledge: Knowledge) -> tuple[Draft, Acts]:
    changed = replace(draft, editing=True)
    return changed, prompt(changed, knowledge, "complaint_edit")


def _done(draft: Draft) -> tuple[Draft, Acts]:
    return replace(draft, state=DraftState.DONE, editing=False), (Flow(None), EndThread())


def _cancel(draft: Draft) -> tuple[Draft, Acts]:
    return replace(draft, state=DraftState.CANCELLED), CANCELLED


def _between(draft: Draft, script: str, knowledge: Knowledge) -> tuple[Draft, Acts]:
    """A question of his is answered, and the form goes on: to what need not be told it does not come back."""
    if draft.step is Step.REQUEST:
        draft, _ = _advance(draft, knowledge)
    return draft, (Answer(script), *_resume(draft, knowledge))


def _resume(draft: Draft, knowledge: Knowledge) -> Acts:
    """After an answer in between: back to the question that stands open. The summary brings its buttons with it."""
    if draft.step is Step.CONFIRM:
        return prompt(draft, knowledge)
    asked, _ = knowledge.phrase(f"complaint_{draft.step.value}")
    return Line("complaint_resume", {"step": asked}), Flow(f"complaint:{draft.step.value}")


def _tell(draft: Draft, said: Said) -> Draft:
    """Keep what a message tells, whatever it was meant to answer: a contact, a story, a wish."""
    draft = _with_contact(draft, said)
    tells = words.substance(said.text) >= STORY or bool(wish(said.text))
    return _with_facts(draft, said, instead=False) if tells else draft


def _with_contact(draft: Draft, said: Said) -> Draft:
    return draft if said.contact is None else replace(draft, contact=said.contact)


def _with_facts(draft: Draft, said: Said, instead: bool) -> Draft:
    """`instead`: the customer edits, and the new text takes the old one's place. His last wish wins."""
    told = said.text.strip()
    request = "" if wish(told) and instead else draft.request
    if instead or not draft.facts:
        return replace(draft, facts=told, request=request)
    if request and (more := wish(told)):
        request = f"{request}\n{more}"
    return replace(draft, facts=f"{draft.facts}\n{told}", request=request)
