"""Settings: what is wrong is said in one line that names the variable; secrets come from nowhere else in production."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import Settings, WechatSettings, from_env

KEY = base64.b64encode(b"k" * 32).decode()
WECHAT = {
    "QIANTAI_WECHAT_APPID": "wx0123456789abcdef",
    "QIANTAI_WECHAT_SECRET": "the-app-secret",
    "QIANTAI_WECHAT_TOKEN": "the-callback-token",
    "QIANTAI_WECHAT_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
PRODUCTION = {"QIANTAI_ENV": "production", "QIANTAI_SECRET_KEY": KEY, "QIANTAI_DATA_KEY": KEY}


def read(home: Path, **env: str) -> Settings:
    return from_env({"QIANTAI_HOME": str(home), **env})


def test_an_empty_environment_is_a_development_server_on_loopback(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.development
    assert (settings.host, settings.port, settings.second_port) == ("127.0.0.1", 5005, 5006)
    assert settings.database_url == f"sqlite:///{tmp_path / 'qiantai.db'}"
    assert settings.turn_deadline_s == 10
    assert settings.trusted_proxies == 0
    assert settings.demo_password is None


def test_an_empty_value_is_as_good_as_none(tmp_path: Path) -> None:
    names = ("PORT", "QIANTAI_ENV", "QIANTAI_EMBEDDING", "QIANTAI_DATABASE_URL", "QIANTAI_TURN_DEADLINE_S")
    assert read(tmp_path, **dict.fromkeys(names, "")) == read(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QIANTAI_ENV", "prod"),
        ("QIANTAI_ENV", "Production"),
        ("QIANTAI_EMBEDDING", "bert"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "5005.0"),
        ("QIANTAI_SECOND_PORT", "65536"),
        ("QIANTAI_SECOND_PORT", "5005"),  # the first port itself
        ("QIANTAI_TURN_DEADLINE_S", "0"),
        ("QIANTAI_TURN_DEADLINE_S", "61"),
        ("QIANTAI_TURN_DEADLINE_S", "ten"),
        ("QIANTAI_TRUSTED_PROXIES", "6"),
        ("QIANTAI_SECRET_KEY", "not base64!"),
        ("QIANTAI_SECRET_KEY", "c2hvcnQ="),
        ("QIANTAI_SECRET_KEY", ""),
        ("QIANTAI_DATA_KEY", "密钥"),
        ("QIANTAI_DATA_KEY", base64.b64encode(b"k" * 33).decode()),
        ("QIANTAI_DATABASE_URL", "mysql://bank:secret@db/qiantai"),
        ("QIANTAI_DATABASE_URL", "qiantai.db"),
        ("QIANTAI_WIDGET_ORIGINS", "*"),
        ("QIANTAI_WIDGET_ORIGINS", "bank.example"),
        ("QIANTAI_WIDGET_ORIGINS", "https://bank.example, ftp://bank.example"),
        ("QIANTAI_WIDGET_ORIGINS", "https://bank.example/path"),
        ("QIANTAI_PUBLIC_URL", "chat.bank.example"),
        ("QIANTAI_PUBLIC_URL", "http://chat.bank.example"),
        ("QIANTAI_PUBLIC_URL", "https://chat.bank.example/chat"),
        ("QIANTAI_PUBLIC_URL", "https://chat.bank.example?x"),
        ("QIANTAI_PUBLIC_URL", "https://wang:secret@chat.bank.example"),
        ("QIANTAI_PUBLIC_URL", "https://chat.bank.example, https://bank.example"),
        ("QIANTAI_PUBLIC_URL", "https://[::1]"),
    ],
)
def test_a_wrong_value_is_one_clear_line_that_names_the_variable(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, **{name: value})
    assert refused.value.message.startswith(name)
    assert "\n" not in refused.value.message
    if name.endswith(("_KEY", "DATABASE_URL")) and value:
        assert value not in refused.value.message, "a secret is never printed"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", None),
        ("https://chat.bank.example", "https://chat.bank.example"),
        (" https://Chat.Bank.example/ ", "https://chat.bank.example"),
        ("https://chat.bank.example:8443", "https://chat.bank.example:8443"),
    ],
)
def test_the_address_for_customers_is_an_origin(tmp_path: Path, given: str, kept: str | None) -> None:
    assert read(tmp_path, QIANTAI_PUBLIC_URL=given).public_url == kept


def test_a_home_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="QIANTAI_HOME"):
        read(tmp_path / "file")


@pytest.mark.parametrize("missing", ["QIANTAI_SECRET_KEY", "QIANTAI_DATA_KEY"])
def test_production_does_not_start_without_its_secrets_and_makes_none(tmp_path: Path, missing: str) -> None:
    with pytest.raises(ConfigurationError, match=missing):
        read(tmp_path, **{name: value for name, value in PRODUCTION.items() if name != missing})
    assert list(tmp_path.iterdir()) == []


def test_production_does_not_take_the_secrets_that_development_left_behind(tmp_path: Path) -> None:
    read(tmp_path)
    with pytest.raises(ConfigurationError, match="QIANTAI_SECRET_KEY"):
        read(tmp_path, QIANTAI_ENV="production")


def test_the_old_name_of_the_mode_does_not_silently_mean_development(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="QIANTAI_ENV"):
        read(tmp_path, QIANTAI_MODE="production")


def test_production_has_no_second_origin(tmp_path: Path) -> None:
    settings = read(tmp_path, **PRODUCTION, QIANTAI_SECOND_PORT="5006")
    assert (settings.development, settings.second_port) == (False, None)


def test_development_makes_its_secrets_once_for_the_owners_eyes_only(tmp_path: Path) -> None:
    first, second = read(tmp_path / "home"), read(tmp_path / "home")
    assert first == second
    assert first.secret_key != first.data_key
    assert (len(first.secret_key), len(first.data_key)) == (32, 32)
    folder = tmp_path / "home" / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_two_homes_have_two_secrets(tmp_path: Path) -> None:
    assert read(tmp_path / "one").secret_key != read(tmp_path / "two").secret_key


def test_a_given_secret_is_used_and_not_written_down(tmp_path: Path) -> None:
    settings = read(tmp_path, QIANTAI_SECRET_KEY=KEY, QIANTAI_DATA_KEY=KEY)
    assert settings.secret_key == settings.data_key == b"k" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_secret_of_development_is_told_and_not_replaced(tmp_path: Path) -> None:
    """A new data key would make every personal value unreadable."""
    read(tmp_path)
    kept = tmp_path / "secrets" / "qiantai_data_key"
    kept.write_text("")
    with pytest.raises(ConfigurationError, match="QIANTAI_DATA_KEY"):
        read(tmp_path)
    assert kept.read_text() == ""


def test_origins_are_a_list_without_blanks_and_trailing_slashes(tmp_path: Path) -> None:
    settings = read(tmp_path, QIANTAI_WIDGET_ORIGINS=" https://bank.example/ ,http://127.0.0.1:8080,, ")
    assert settings.widget_origins == ("https://bank.example", "http://127.0.0.1:8080")


def test_zero_turns_the_second_origin_off(tmp_path: Path) -> None:
    assert read(tmp_path, QIANTAI_SECOND_PORT="0").second_port is None


def test_the_last_port_has_its_second_one_below(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="65535").second_port == 65534


def test_paths_are_whole_whatever_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = from_env({"QIANTAI_HOME": "here", "QIANTAI_KNOWLEDGE": "words", "QIANTAI_PAGES": "pages"})
    assert settings.home == tmp_path.resolve() / "here"
    assert settings.models == settings.home / "models"
    assert (settings.knowledge, settings.pages) == (tmp_path.resolve() / "words", tmp_path.resolve() / "pages")


def test_without_an_account_there_is_no_wechat_and_without_a_gateway_no_notices(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert (settings.wechat, settings.notice_url, settings.notice_token) == (None, None, None)


def test_empty_values_are_no_account(tmp_path: Path) -> None:
    assert read(tmp_path, **dict.fromkeys(WECHAT, "")).wechat is None


@pytest.mark.parametrize("mode", [{}, PRODUCTION])
def test_an_account_is_four_values_and_the_platforms_own_address(tmp_path: Path, mode: dict[str, str]) -> None:
    assert read(tmp_path, **WECHAT, **mode).wechat == WechatSettings(
        "wx0123456789abcdef",
        "the-app-secret",
        "the-callback-token",
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        "https://api.weixin.qq.com",
        plain_allowed=False,
    )


@pytest.mark.parametrize("missing", sorted(WECHAT))
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_half_an_account_is_told_and_not_taken(tmp_path: Path, missing: str, how: str) -> None:
    given = {name: value for name, value in WECHAT.items() if name != missing}
    with pytest.raises(ConfigurationError, match=f"^{missing} is missing"):
        read(tmp_path, **given, **({missing: ""} if how == "empty" else {}))


@pytest.mark.parametrize("key", ["a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "+", "密" * 43, "a" * 43 + "\n"])
def test_an_aes_key_has_43_letters_and_digits_and_is_never_shown(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^QIANTAI_WECHAT_AES_KEY") as refused:
        read(tmp_path, **{**WECHAT, "QIANTAI_WECHAT_AES_KEY": key})
    assert key not in refused.value.message


def test_plain_messages_are_for_development_and_asked_for(tmp_path: Path) -> None:
    wechat = read(tmp_path, **WECHAT, QIANTAI_WECHAT_PLAIN="1").wechat
    assert wechat is not None
    assert wechat.plain_allowed
    with pytest.raises(ConfigurationError, match=r"^QIANTAI_WECHAT_PLAIN"):
        read(tmp_path, **WECHAT, **PRODUCTION, QIANTAI_WECHAT_PLAIN="1")
    with pytest.raises(ConfigurationError, match=r"^QIANTAI_WECHAT_PLAIN"):
        read(tmp_path, **WECHAT, QIANTAI_WECHAT_PLAIN="yes")


def test_the_banks_own_gateways_are_used_without_their_last_slash(tmp_path: Path) -> None:
    gateways = {
        "QIANTAI_WECHAT_API_BASE": "https://gateway.bank.example/wechat/",
        "QIANTAI_NOTICE_URL": "http://127.0.0.1:9000/notices/",
    }
    settings = read(tmp_path, **WECHAT, **gateways, QIANTAI_NOTICE_TOKEN="the-gateways-token")
    assert settings.wechat is not None
    assert settings.wechat.api_base == "https://gateway.bank.example/wechat"
    assert settings.notice_url == "http://127.0.0.1:9000/notices"
    assert settings.notice_token == "the-gateways-token"


@pytest.mark.parametrize("name", ["QIANTAI_WECHAT_API_BASE", "QIANTAI_NOTICE_URL"])
@pytest.mark.parametrize(
    "value",
    [
        "gateway.bank.example",
        "ftp://gateway.bank.example",
        "https://",
        "https:///notices",
        "https://bank:hunter2@gateway.bank.example",
        "https://gateway.bank.example/notices?to=bank@hunter2",
        "https://gateway bank.example",
        "https://gateway.bank.example\n",
    ],
)
def test_a_gateway_is_an_address_without_credentials_and_is_not_shown(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} must be an address") as refused:
        read(tmp_path, **WECHAT, **{name: value})
    assert "hunter2" not in refused.value.message
    assert "bank.example" not in refused.value.message


def test_in_production_the_access_token_travels_encrypted(tmp_path: Path) -> None:
    plain = {"QIANTAI_WECHAT_API_BASE": "http://gateway.bank.example"}
    assert read(tmp_path, **WECHAT, **plain).wechat is not None
    with pytest.raises(ConfigurationError, match=r"^QIANTAI_WECHAT_API_BASE must begin with https"):
        read(tmp_path, **WECHAT, **plain, **PRODUCTION)


@pytest.mark.parametrize("appid", ["gh_0123456789", "wx", "wx" + "1" * 63, "wx123 456"])
def test_an_appid_is_one_of_the_platform(tmp_path: Path, appid: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^QIANTAI_WECHAT_APPID"):
        read(tmp_path, **{**WECHAT, "QIANTAI_WECHAT_APPID": appid})


def test_what_is_printed_of_the_settings_holds_none_of_our_own_secrets(tmp_path: Path) -> None:
    given = {"QIANTAI_DEMO_PASSWORD": "open-sesame-1", "QIANTAI_DATABASE_URL": "postgresql://bank:hunter2@db/bank"}
    shown = repr(read(tmp_path, QIANTAI_SECRET_KEY=KEY, QIANTAI_DATA_KEY=KEY, **given))
    assert all(secret not in shown for secret in ("open-sesame-1", "hunter2", "k" * 32))


def test_what_is_printed_of_the_settings_holds_no_secret_of_wechat_and_notices(tmp_path: Path) -> None:
    settings = read(tmp_path, **WECHAT, QIANTAI_NOTICE_TOKEN="the-gateways-token")
    shown = f"{settings!r} {settings} {settings.wechat!r} {settings.wechat}"
    assert "wx0123456789abcdef" in shown, "whose account it is may be seen"
    for name, value in WECHAT.items():
        assert name == "QIANTAI_WECHAT_APPID" or value not in shown
    assert "the-gateways-token" not in shown
