"""A month that customers rated below the mark becomes an improvement item: a task with a date (004-90, 000-51)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.clock import day_of
from bot.conversation.survey.figures import below_mark
from bot.db import Database
from bot.knowledge import Knowledge
from bot.tickets import alerts
from bot.tickets.alerts import Alert
from bot.tickets.clockwork import Clockwork


class Improving:
    def __init__(self, db: Database, knowledge: Knowledge, clockwork: Clockwork) -> None:
        self.db = db
        self.knowledge = knowledge
        self.clockwork = clockwork
        self._looked_at: date | None = None  # spares the query; the task's key spares the double

    def look(self, now: datetime) -> bool:
        """At the month that has ended. True where an item was raised now."""
        month = day_of(now).replace(day=1) - timedelta(days=1)
        if month == self._looked_at:
            return False
        with self.db.transaction() as tx:
            score = below_mark(tx, month, self.knowledge.survey)
            made = False
            if score is not None:
                values = {"month": f"{month:%Y-%m}", "average": f"{score.average:.1f}", "mark": str(score.mark)}
                text = self.knowledge.phrase("alert_survey", **values)[0]
                made = self.clockwork.task(tx, "improvement", f"improvement/{month:%Y-%m}", now, text=text)
                alerts.give(tx, Alert(f"survey/{month:%Y-%m}", "survey", "supervisor", text), now)
        self._looked_at = month
        return made
