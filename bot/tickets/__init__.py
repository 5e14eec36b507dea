"""Complaints and callbacks: drafts that survive, cases that open once and keep their dates."""

from bot.tickets.model import Case, CaseState, Draft, Kind, Severity
from bot.tickets.service import Tickets

__all__ = ["Case", "CaseState", "Draft", "Kind", "Severity", "Tickets"]
