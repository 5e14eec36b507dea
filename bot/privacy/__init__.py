"""Personal data: kept encrypted for a purpose, found again by HMAC, read only with an entry in the audit log."""

from bot.privacy.audit import Entry, audit
from bot.privacy.vault import Destroyed, PersonalRef, Vault

__all__ = ["Destroyed", "Entry", "PersonalRef", "Vault", "audit"]
