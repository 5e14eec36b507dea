"""The names that code and knowledge/ share. A clerk may change wording and figures, never these names."""

from __future__ import annotations

from bot.knowledge.vocabulary_cases import CASE_PHRASES, CASE_PROBLEMS, CASE_STATES
from bot.knowledge.vocabulary_escalation import ESCALATION_PHRASES
from bot.knowledge.vocabulary_tools import TOOL_PROBLEMS

# Topics of the guard: what a text is about, and so which mandatory texts it must carry (requirements 2C).
TOPICS = (
    "wealth",
    "fund",
    "insurance",
    "trust",
    "structured_deposit",
    "loan",
    "deposit",
    "metal_fx",
    "transfer_fraud",
    "fee",
    "complaint",
)

# Choice ids that are no script's, and no answer of the survey (knowledge/survey.yml). They are the same as
# bot.conversation.model.Reserved, which stands a floor above.
RESERVED_CHOICES = frozenset(
    {
        "human",
        "cancel",
        "stay",
        "solved",
        "not_solved",
        "complaint",
        "confirm",
        "edit",
        "skip",
        "leave_message",
        "agree",
        "disagree",
        "appeal",
        "withdraw",
    }
)

# Blanks that any script or phrase may use; they are filled from knowledge/bank.yml.
BANK_BLANKS = frozenset({"bank", "hotline", "loss_line", "hours"})

# Labels that the model gives and that are about nothing of the bank: not understood, and none of its matters.
FALLBACK, OUT_OF_SCOPE = "nlu_fallback", "out_of_scope"

# What one message of WeChat holds, in bytes of UTF-8; and how long an answer may be there, and in large type, in
# characters without source note, warnings and choices: written for a person in a hurry (004-22, P9).
WECHAT_BYTES = 2000
WECHAT_CHARS = 180
LARGE_TYPE_CHARS = 120

SEVERITIES = ("一般", "重要", "重大", "紧急")

# Why a conversation goes to a person: the codes, whose words stand in escalation.yml.
REASONS = frozenset(
    {
        "asked",
        "urgent",
        "no_answer",
        "repeat",
        "five_minutes",
        "misunderstood",
        "care",
        "failed",
        "media",
        "undelivered",
        "emotion",
        "complex",
        "complaint",
        "refused",
    }
)

# Failures as people read them: the types of bot.errors, and cases that deserve words of their own.
PROBLEMS = (
    "internal",
    "configuration",
    "invalid_input",
    "unauthorized",
    "forbidden",
    "not_found",
    "conflict",
    "stale_epoch",
    "idempotency_key_reused",
    "too_many_requests",
    "refused_by_guard",
    "knowledge",
    "calendar_missing",
    "store_unavailable",
    "conversation_closed",
    "offer_gone",
    "taken",
    "no_such_choice",
    "sign_in",
    "override_role",
    "agent_full",
    "not_free",
    "lead_role",
    "personal_data_destroyed",
    "case_taken",
    "case_role",
    "case_no_callback",
    "case_ended",
    *CASE_PROBLEMS,
    "survey_link_gone",
    *TOOL_PROBLEMS,
    "wechat_refused",
    "wechat_unavailable",
    "notices_off",
    "turn_failed",
    "turn_timeout",
    "password_short",
    "password_name",
    "password_common",
    "password_same",
    "password_old",
    "people_username",
    "people_taken",
    "people_self",
)

# Every phrase that code says, with the blanks that its text must have.
PHRASES: dict[str, frozenset[str]] = {
    name: frozenset(blanks.split())
    for name, blanks in {
        "welcome": "",
        "too_long": "limit",
        "empty": "",
        "emoji_only": "",
        "secret_warning": "",
        "clarify": "",
        "clarify_numbered": "matters",
        "not_understood": "",
        "out_of_scope": "",
        "no_script": "",
        "dissatisfied": "",
        "thanks": "",
        "goodbye": "",
        "greet": "",
        "affirm_idle": "",
        "deny_idle": "",
        "bot_challenge": "",
        "chitchat": "",
        "repeat_offer": "",
        "propose_human": "",
        "handover_queue": "reason place wait",
        "handover_overflow": "reason place wait due",
        "handover_unknown": "reason place wait",
        "wait_minutes": "minutes",
        "wait_unknown": "due",
        "handover_five_minutes": "place wait",
        "handover_failed": "place wait",
        "queue_notice": "place wait",
        "queue_cancelled": "",
        "stay_ok": "",
        "outside_hours": "opens case due",
        "message_left": "case due",
        "message_left_again": "",
        "waiting_long": "place wait",
        "agent_joined": "agent",
        "agent_left_bot": "",
        "agent_left_queue": "",
        "agent_closed": "",
        "transfer_senior": "",
        "transferred": "",
        "survey_thanks": "",
        "survey_again": "",
        "survey_words": "",
        "survey_case": "number question",
        "closed_idle": "",
        "turn_failed": "",
        "complaint_facts": "",
        "complaint_facts_more": "",
        "complaint_contact": "",
        "complaint_contact_again": "",
        "contact_in_chat": "",
        "complaint_request": "",
        "complaint_confirm": "facts contact severity read",
        "complaint_edit": "",
        "complaint_cancelled": "",
        "complaint_resume": "step",
        "complaint_opened": "number severity owner due respond progress",
        "progress_here": "",
        "progress_elsewhere": "number",
        "complaint_repeat": "number",
        "complaint_repeat_known": "",
        "complaint_status_none": "",
        "complaint_status": "number state owner due",
        "complaint_status_proposed": "number state owner due text",
        "complaint_status_paused": "number state owner reason",
        "complaint_status_awaits": "number state owner",
        "complaint_status_settled": "number state owner basics handling reasons",
        "complaint_status_over": "number state owner",
        "complaint_provisional": "",
        "complaint_interrupted": "",
        **CASE_PHRASES,
        **ESCALATION_PHRASES,
        "heard_picture": "",
        "heard_voice": "",
        "heard_video": "",
        "heard_file": "",
        "heard_location": "",
        "heard_unknown": "",
        "heard_menu": "",
        "heard_subscribe": "",
        "heard_unsubscribe": "",
        "heard_too_long": "",
        "heard_too_fast": "",
        "heard_scan": "scene",
        "media_received": "",
        "voice_unreadable": "",
        "unknown_kind": "",
        "nearest_branch": "name distance address open weekend phone",
        "nearest_branch_unknown": "",
        "branch_entry": "name address open weekend phone",
        "branch_named": "branches",
        "branches_in": "place branches",
        "branches_in_more": "place count shown branches",
        "branches_none": "place",
        "scan_branch": "name address open weekend",
        "scan_campaign": "",
        "menu_unknown": "",
        "too_fast": "",
        "web_link": "url",
        "web_link_off": "",
        "customer_bound": "",
        "wechat_choices": "",
        "wechat_menu_services": "",
        "wechat_menu_people": "",
        "wechat_menu_web": "",
        "notice_reply_waiting": "",
        "callback_opened": "number due",
        "callback_contact": "contact",
        "callback_done": "",
        "guard_safe": "",
        "incident_script": "",
        "incident_bot": "",
        "incident_bot_again": "",
        "incident_agent": "topic why",
        **{f"choice_{choice}": "" for choice in sorted(RESERVED_CHOICES)},  # what a pressed button says in the log
        **{f"case_state_{state}": "" for state in (*CASE_STATES, "told")},
        "callback_owner": "",
        "figure_note": "source date authority",
        "figure_notes": "notes",
        "package_summary": "topic count",
        "demo_agent_name": "",
        **{f"problem_{problem}": "" for problem in PROBLEMS},
    }.items()
}
