"""Every table of the product, gathered for migrations and for nothing else."""

from bot.assistant.store import trackers
from bot.channels.wechat.outgoing import outbox
from bot.channels.wechat.store import customers, inbound
from bot.channels.wechat.tokens import wechat_tokens
from bot.conversation.incidents import incidents
from bot.conversation.store import conversations, events
from bot.conversation.survey.store import survey_answers
from bot.conversation.tables import clock_breaches, handovers
from bot.conversation.turns import turns
from bot.db import metadata
from bot.desk.store import agents, marks, news_seen, sessions
from bot.knowledge.archive import versions
from bot.knowledge.reloading import reloads, states
from bot.notices.store import notices
from bot.privacy.store import audit_log, data_keys, personal_values
from bot.tickets.tables import (
    alerts,
    alerts_seen,
    case_counters,
    case_events,
    case_files,
    case_links,
    case_pauses,
    case_requests,
    cases,
    deadlines,
    drafts,
)

__all__ = ["metadata"]
TABLES = (
    agents, alerts, alerts_seen, audit_log, case_counters, case_events, case_files, case_links, case_pauses,
    case_requests, cases, clock_breaches, conversations, customers, data_keys, deadlines, drafts, events,
    handovers, inbound, incidents, marks, news_seen, notices, outbox, personal_values, reloads, sessions,
    states, survey_answers, trackers, turns, versions, wechat_tokens,
)  # fmt: skip
