"""Every table of the product, gathered for migrations and for nothing else."""

from bot.assistant.store import trackers
from bot.channels.wechat.outgoing import outbox
from bot.channels.wechat.store import customers, inbound
from bot.channels.wechat.tokens import wechat_tokens
from bot.conversation.incidents import incidents
from bot.conversation.store import conversations, events
from bot.conversation.turns import turns
from bot.db import metadata
from bot.desk.store import agents, sessions
from bot.knowledge.archive import versions
from bot.knowledge.reloading import reloads, states
from bot.notices.store import notices
from bot.privacy.store import audit_log, data_keys, personal_values
from bot.tickets.store import case_counters, case_events, cases, drafts

__all__ = ["metadata"]
TABLES = (
    agents, audit_log, case_counters, case_events, cases, conversations, customers, data_keys, drafts, events, inbound,
    incidents, notices, outbox, personal_values, reloads, sessions, states, trackers, turns,
    versions, wechat_tokens,
)  # fmt: skip
