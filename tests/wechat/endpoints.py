"""What the platform's interface answers, by the rules of the real one. Knows no HTTP server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wechat.allowances import Allowances
from wechat.arrivals import Arrivals
from wechat.bodies import read_json, readable
from wechat.customers import Accepted
from wechat.faults import answer
from wechat.refusal import Refused
from wechat.tokens import Tokens, TooEarly

STABLE_TOKEN, SEND, TYPING = "/cgi-bin/stable_token", "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing"
MEDIA, CLEAR_QUOTA = "/cgi-bin/media/get", "/cgi-bin/clear_quota"
CALLBACK_IPS, API_IPS = "/cgi-bin/getcallbackip", "/cgi-bin/get_api_domain_ip"
SELF_MENU = "/cgi-bin/get_current_selfmenu_info"
CLEARINGS = 10  # a month on the real one; here for as long as the program runs


@dataclass(frozen=True)
class Media:
    content: bytes
    type: str = "image/jpeg"


Answer = dict[str, Any] | Media
Query = Mapping[str, str]


class Endpoints:
    """One account's interface. `clock` gives Unix seconds; `cleared` is called when the quota is cleared."""

    def __init__(
        self, appid: str, secret: str, clock: Callable[[], float], too_early: TooEarly, cleared: Callable[[], None]
    ) -> None:
        self.tokens, self.allowances = Tokens(clock, too_early), Allowances(clock)
        self.messages: Arrivals[Accepted] = Arrivals()
        self.media: dict[str, Media] = {}
        self.menu: dict[str, Any] = {"is_menu_open": 0}
        self.listeners: list[Callable[[Accepted], None]] = []
        self._appid, self._secret, self._clock, self._cleared = appid, secret, clock, cleared
        self._clearings = 0
        self._routes: dict[str, tuple[str, Callable[[Query, bytes], Answer]]] = {
            STABLE_TOKEN: ("POST", self._stable_token),
            SEND: ("POST", self._send),
            TYPING: ("POST", self._typing),
            MEDIA: ("GET", self._media),
            CALLBACK_IPS: ("GET", lambda *_: {"ip_list": ["127.0.0.1"]}),
            API_IPS: ("GET", lambda *_: {"ip_list": ["127.0.0.1"]}),
            SELF_MENU: ("GET", lambda *_: self.menu),
            CLEAR_QUOTA: ("POST", self._clear_quota),
        }

    def answer(self, method: str, path: str, query: Query, body: bytes) -> Answer:
        """Raises Refused."""
        if path not in self._routes:
            raise Refused(40066)
        right_method, endpoint = self._routes[path]
        if method != right_method:
            raise Refused(43001 if right_method == "GET" else 43002)
        if path != STABLE_TOKEN:
            self._check_token(query.get("access_token"))
        return endpoint(query, body)

    def _check_token(self, token: str | None) -> None:
        if not token:
            raise Refused(41001)
        if refused := self.tokens.standing(token):
            raise Refused(refused)

    def _stable_token(self, _: Query, body: bytes) -> Answer:
        asked = read_json(body)
        if asked.get("grant_type") != "client_credential":
            raise Refused(40002)
        if asked.get("appid") != self._appid:
            raise Refused(40013)
        if asked.get("secret") != self._secret:
            raise Refused(40125)
        token, seconds = self.tokens.ask(force=asked.get("force_refresh") is True)
        return {"access_token": token, "expires_in": seconds}

    def _send(self, _: Query, body: bytes) -> Answer:
        asked = read_json(body)
        text, openid = readable(asked), str(asked.get("touser"))
        if refused := self.allowances.refusal(openid):
            raise Refused(refused)
        self.allowances.spend(openid)
        message = Accepted(self._clock(), openid, text, asked)
        self.messages.add(message)
        for tell in self.listeners:
            tell(message)
        return answer(0)

    def _typing(self, _: Query, body: bytes) -> Answer:
        asked = read_json(body)
        if refused := self.allowances.typing(str(asked.get("touser")), str(asked.get("command"))):
            raise Refused(refused)
        return answer(0)

    def _media(self, query: Query, _: bytes) -> Answer:
        media = self.media.get(query.get("media_id", ""))
        if media is None:
            raise Refused(40007)
        return media

    def _clear_quota(self, _: Query, body: bytes) -> Answer:
        """The day's quotas count from zero."""
        if read_json(body).get("appid") != self._appid:
            raise Refused(40013)
        if self._clearings >= CLEARINGS:
            raise Refused(48006)
        self._clearings += 1
        self._cleared()
        return answer(0)
