"""One-way notices outside a chat: SMS, WeChat template message, mail. The bank's gateway sends them.

What the gateway must do: docs/notices.md; why so: docs/decisions/0013-notices-leave-by-a-port.md.
"""

from bot.notices.model import Notice, NoticesOff, Recipient
from bot.notices.service import Notices, of

__all__ = ["Notice", "Notices", "NoticesOff", "Recipient", "of"]
