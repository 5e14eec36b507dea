"""The survey when a case has ended: in the chat while it is open for it, else by a link to a page (004-89, 000-43).

Never twice: whichever way it goes, the rows are the case's. What is more than an opinion becomes work: points raised
are answered as those of a visit are (000-37), and who writes of danger is called.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.conversation import store as log
from bot.conversation.danger import dangerous
from bot.conversation.model import Conversation, State
from bot.conversation.speech import Utterance
from bot.conversation.survey import store as surveyed
from bot.conversation.survey.linked import Linked, Taken
from bot.conversation.survey.links import Links
from bot.db import Tx
from bot.notices import Notice
from bot.text.remarks import wants_more
from bot.tickets import alerts, deadlines, recusal, store
from bot.tickets.alerts import Alert
from bot.tickets.clockwork import Clockwork
from bot.tickets.model import CUSTOMER, Case, CaseEvent, spoken
from bot.tickets.opening import Opening
from bot.tickets.telling import Telling
from bot.wakeups import DESK

TEMPLATE = "case_survey"


class Surveying:
    def __init__(self, telling: Telling, clockwork: Clockwork, opening: Opening, links: Links) -> None:
        self.telling = telling
        self.clockwork = clockwork
        self.opening = opening
        self.links = links
        self.conversations = telling.conversations
        self.speech = telling.speech
        self.linked = Linked(telling.conversations)
        self.db, self.clock = self.conversations.db, self.conversations.clock

    # asking

    def ask(self, tx: Tx, case: Case, at: datetime) -> None:
        """Where neither way is open the visit asks, and the history says so (000-44)."""
        conversation, asked = log.get(tx, case.conversation_id, lock=True), False
        if conversation.state is not State.CLOSED:
            conversation, asked = self.conversations.handoff.surveys.ask_in(tx, conversation, case.number, at)
        if asked:
            self.conversations.settle(tx, conversation)
        elif not self._by_link(tx, case, conversation, at):
            store.add_event(tx, case.number, CaseEvent(at, "system", "not_surveyed", {}))

    def not_delivered(self, tx: Tx, notice: Notice, at: datetime) -> None:
        """The gateway has given up: nobody is called to be told of a link; the visit asks."""
        number = notice.about["case"]
        store.add_event(tx, number, CaseEvent(at, "system", "notice_failed", {"what": notice.template}))
        store.add_event(tx, number, CaseEvent(at, "system", "not_surveyed", {}))

    def _by_link(self, tx: Tx, case: Case, conversation: Conversation, at: datetime) -> bool:
        """False: there is no page, no gateway, no way to the customer, or he was asked before."""
        id_, notices = secrets.token_hex(12), self.telling.notices
        link = self.links.url(id_)
        if link is None or not notices.available or surveyed.of_subject(tx, id_, case.number):
            return False
        to = self.telling.recipient(tx, case, conversation, at)
        days = str(self.linked.survey.link_days)
        line = self.speech.phrase("case_survey", number=case.number, days=days, link=link)
        if to is None or self.speech.preview(Utterance(link), at).action == "refuse":  # read as if one had typed it
            return False
        text = self.speech.passed(tx, line, at).text
        about = {"case": case.number, "survey": id_}
        if not notices.put(tx, f"case/{case.number}/{TEMPLATE}", to, TEMPLATE, text, about):
            return False
        self.linked.begin(tx, id_, case.number, at)
        store.link(tx, case.number, id_, 1, None, at, store.SURVEY)
        store.add_event(tx, case.number, CaseEvent(at, "system", "survey_sent", {"way": to.kind, "refs": f"{id_}:1"}))
        return True

    # the page

    def page(self, token: str) -> dict[str, Any]:
        """What the page shows now, as JSON. Raises LinkGone."""
        id_ = self.links.conversation(token)
        with self.db.transaction() as tx:
            self.linked.subject(tx, id_, self.clock.now())
            return self._shown(tx, id_)

    def answer(self, token: str, question: str, choice: str | None, text: str | None) -> dict[str, Any]:
        """One answer; gives what the page shows then. To a question that is not open any more it changes nothing.

        Raises LinkGone, InvalidInput.
        """
        id_, now = self.links.conversation(token), self.clock.now()
        with self.db.transaction() as tx:
            case = store.for_act(tx, self.linked.subject(tx, id_, now))
            taken = self.linked.take(tx, id_, question, choice, text, now)
            if taken is not None:
                self._keep(tx, case, taken, now)
                self.linked.go_on(tx, taken, case.number, self._follow_up(tx, case, taken, now), now)
            shown = self._shown(tx, id_)
        self.conversations.wakeups.notify(DESK)
        return shown

    def _shown(self, tx: Tx, conversation_id: str) -> dict[str, Any]:
        knowledge, step = self.speech.knowledge, self.linked.step(tx, conversation_id)
        question: Mapping[str, Any] | None = None
        if step.question is not None:
            choices = [{"id": id_, "label": label} for id_, label in step.choices]
            question = {"id": step.question, "text": step.text, "choices": choices, "free": step.free}
        return {
            "bank": {"name": knowledge.bank.name, "hotline": knowledge.bank.hotline},
            "intro": self.speech.phrase("survey_link_intro").text,
            "step": step.number,
            "steps": min(len(self.linked.survey.questions), self.linked.survey.most_steps),
            "question": question,
            "said": list(step.said),
        }

    # what an answer brings

    def _keep(self, tx: Tx, case: Case, taken: Taken, at: datetime) -> None:
        """In the history of the case, where its officers read it. What was skipped stands in the log alone."""
        given = str(taken.answer.label) if taken.answer else taken.text
        if given:
            refs = f"{taken.conversation.id}:{taken.seq}"
            detail = {"about": str(taken.question.dimension), "answer": given, "refs": refs}
            store.add_event(tx, case.number, CaseEvent(at, CUSTOMER, "survey_answered", detail))

    def _follow_up(self, tx: Tx, case: Case, taken: Taken, at: datetime) -> Utterance | None:
        """What is said to an answer that somebody must look after; None where nobody must."""
        if taken.answer is not None:
            if self._lowest(taken):
                text = self.speech.phrase("survey_low", answer=taken.answer.label).text
                self._points(tx, case, text, at)
            return None
        if not taken.text:
            return None
        wants = wants_more(taken.text)
        if wants:
            case = self._without_whom_it_is_about(tx, case, taken.text, at)
        if dangerous(taken.text, self.speech.knowledge):
            self._danger(tx, case, taken, at)
            return self.speech.phrase("survey_link_danger")
        if wants:
            due_at = self._points(tx, case, taken.text, at)
            return self.speech.phrase("survey_link_points", due=spoken(due_at))
        if self._raised(tx, case) is not None:  # who is not satisfied and says why
            self._points(tx, case, taken.text, at)
        return None

    def _without_whom_it_is_about(self, tx: Tx, case: Case, text: str, at: datetime) -> Case:
        """Who is complained about by name does not answer for it any more (L1)."""
        named = recusal.accused(text, self.opening.officers(tx), (), False)
        if not set(named) - set(case.accused):
            return case
        return self.opening.recuse(tx, case, tuple(dict.fromkeys([*case.accused, *named])), CUSTOMER, at, text)

    def _lowest(self, taken: Taken) -> bool:
        """The worst grade that the month's question knows."""
        if taken.answer is None or taken.question.id != self.linked.survey.score_of:
            return False
        return taken.answer.points == min(answer.points for answer in taken.question.answers)

    def _raised(self, tx: Tx, case: Case) -> deadlines.Deadline | None:
        """The task of this survey, where it has one that is not done."""
        found = deadlines.running(tx, case.number, "points")
        return next((task for task in found if task.key == self._key(case, "points")), None)

    def _points(self, tx: Tx, case: Case, text: str, at: datetime) -> datetime:
        """One task for all that he raises, as long as it is in time. Gives the moment of the answer."""
        task, key = self._raised(tx, case), self._key(case, "points")
        if task is not None and task.due_at > at:
            deadlines.reschedule(tx, task, text=f"{task.text}\n{text}")
            return task.due_at
        if not self.clockwork.task(tx, "points", key, at, case=case, text=text):  # that one is over
            key = self._key(case, "points_again")
            self.clockwork.task(tx, "points", key, at, case=case, text=text)
        return deadlines.by_key(tx, key).due_at

    def _danger(self, tx: Tx, case: Case, taken: Taken, at: datetime) -> None:
        """He is called as soon as one who asks for a person is; owner and supervisors know it at once."""
        due_at = self.conversations.handoff.queueing.callback_due(at)
        key, text = self._key(case, "danger"), taken.text
        self.clockwork.task(tx, "points", key, at, case=case, due_at=due_at, text=text, detail={"danger": True})
        text = self.speech.phrase("alert_danger", number=case.number).text
        for role, person in (("owner", case.owner_user), ("supervisor", None)):
            key = f"danger/{taken.conversation.id}/{role}"
            alerts.give(tx, Alert(key, "danger", role, text, case.number, 100, person), at)

    def _key(self, case: Case, what: str) -> str:
        return f"{case.number}/{case.round}/survey/{what}"
