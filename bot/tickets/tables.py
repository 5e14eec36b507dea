"""Tables of the complaints and callbacks."""

from __future__ import annotations

import sqlalchemy as sa

from bot.conversation.tables import conversations
from bot.db import Json, Moment, metadata

_SOMEBODY = sa.text("accused <> '[]'")  # few are about an officer of ours: indexes of these alone


def _accused(name: str) -> sa.Index:
    return sa.Index(name, "conversation_id", sqlite_where=_SOMEBODY, postgresql_where=_SOMEBODY)


drafts = sa.Table(
    "complaint_drafts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey(conversations.c.id), nullable=False),
    sa.Column("opened_seq", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("step", sa.String(16), nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("contact", Json),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("editing", sa.Boolean, nullable=False),
    sa.Column("case_number", sa.String(20)),
    sa.Column("request", sa.Text, nullable=False, server_default=""),
    sa.Column("accused", Json, nullable=False, server_default="[]"),
    sa.Column("replies", Json, nullable=False),  # customer's seq -> acts: a turn played again finds what it did
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("conversation_id", "opened_seq"),
    _accused("ix_complaint_drafts_accused"),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("number", sa.String(20), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("repeat_of", sa.String(20), sa.ForeignKey("cases.number")),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey(conversations.c.id), nullable=False),
    sa.Column("source_seq", sa.Integer, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("respond_by", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("profile", sa.String(40), nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("contact", Json),
    sa.Column("contact_ref", sa.String(64), index=True),
    sa.Column("reason", sa.String(40)),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("received_at", Moment),
    sa.Column("owner_user", sa.String(64), index=True),
    sa.Column("accused", Json, nullable=False),
    sa.Column("fields", Json, nullable=False),
    sa.Column("classes", Json, nullable=False),
    sa.Column("classified_by", sa.String(64)),
    sa.Column("root_cause", sa.Text, nullable=False),
    sa.Column("group", sa.Boolean, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("cap_days", sa.Integer, nullable=False),
    sa.Column("proposal", Json),
    sa.Column("result", Json),
    sa.Column("version", sa.Integer, nullable=False),
    sa.UniqueConstraint("conversation_id", "source_seq", "kind"),
    sa.Index("ix_cases_state_due_at", "state", "due_at"),
    sa.Index("ix_cases_opened_at", "opened_at"),
    _accused("ix_cases_accused"),
)

case_events = sa.Table(
    "case_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(20), sa.ForeignKey("cases.number"), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("detail", Json, nullable=False),
)

case_counters = sa.Table(
    "case_counters",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("day", sa.String(8), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

# The same matter told again elsewhere: those conversations belong to the case too (001-10).
case_links = sa.Table(
    "case_links",
    metadata,
    sa.Column("number", sa.String(20), sa.ForeignKey("cases.number"), primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey(conversations.c.id), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("contact_ref", sa.String(64), index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("why", sa.String(40), nullable=False),
    sa.Index("ix_case_links_conversation_id", "conversation_id"),
)

case_pauses = sa.Table(
    "case_pauses",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(20), sa.ForeignKey("cases.number"), nullable=False, index=True),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.String(64), nullable=False),
)

# A due time is a row, not a timer in memory: clocks of a case, and tasks of its aftercare and of promises.
deadlines = sa.Table(
    "case_deadlines",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(120), nullable=False),  # what it is for: the same thing has one deadline
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("number", sa.String(20), sa.ForeignKey("cases.number"), index=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey(conversations.c.id)),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("elapsed", sa.Boolean, nullable=False),  # nights count; else working time
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("opens_at", Moment, nullable=False),
    sa.Column("nominal_at", Moment, nullable=False),  # without pauses and without the regulator's cap
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),  # open | done | void
    sa.Column("level", sa.Integer, nullable=False),  # the percentage that was last warned of
    sa.Column("next_at", Moment),  # when the worker must look; empty while it stands still
    sa.Column("breached_at", Moment),  # set once, never taken back
    sa.Column("done_at", Moment),
    sa.Column("done_by", sa.String(64)),
    sa.Column("person", sa.String(64)),  # who does it; empty: whoever has the role
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("detail", Json, nullable=False),
    sa.UniqueConstraint("key"),
    sa.Index("ix_case_deadlines_state_next_at", "state", "next_at"),
    sa.Index("ix_case_deadlines_state_due_at", "state", "due_at"),
)

alerts = sa.Table(
    "case_alerts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(120), nullable=False),  # each warning is given once, however many look
    sa.Column("at", Moment, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # warning | breach | group | … | danger
    sa.Column("level", sa.Integer),
    sa.Column("number", sa.String(20), sa.ForeignKey("cases.number")),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("person", sa.String(64)),  # this one only
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("conversation_id", sa.String(32)),  # where it is about no case
    sa.UniqueConstraint("key"),
    sa.Index("ix_case_alerts_at", "at"),
)

alerts_seen = sa.Table(
    "case_alerts_seen",
    metadata,
    sa.Column("alert_id", sa.Integer, sa.ForeignKey(alerts.c.id), primary_key=True, autoincrement=False),
    sa.Column("username", sa.String(64), primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

case_files = sa.Table(
    "case_files",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(20), sa.ForeignKey("cases.number"), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("type", sa.String(80), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("stored", sa.String(64), nullable=False),  # its name on the disk, which says nothing
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(64), nullable=False),
)

# What other systems and officers sent: the same key gives the same case.
case_requests = sa.Table(
    "case_requests",
    metadata,
    sa.Column("key", sa.String(160), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("number", sa.String(20), sa.ForeignKey("cases.number"), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
