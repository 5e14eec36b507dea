"""`qiantai serve`: one process with everything in it."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable
from typing import Any

from bot.app import create_app, first_origin
from bot.assistant.store import forget
from bot.compliance.learning import reader_at
from bot.conversation.survey.links import check_host
from bot.errors import ConfigurationError
from bot.knowledge.samples import refuse_samples
from bot.migrate import is_current, upgrade
from bot.settings import Settings
from bot.wiring import House, build, describe, keep_versions

log = logging.getLogger(__name__)

DEMO_AGENTS = (
    ("agent1", "001", ()),
    ("agent2", "002", ("complaints",)),
    ("senior1", "003", ("senior",)),
    ("super1", "S01", ("supervisor", "quality", "head")),
    ("admin1", "A01", ("admin",)),
)


def serve(settings: Settings) -> None:
    """Runs until stopped. In development the database is migrated and demonstration agents are made."""
    started = time.monotonic()
    house = build(settings, second=reader_at)
    check_host(settings.public_url, house.knowledge.bank.domains)
    if settings.development:
        upgrade(house.db)
    elif not is_current(house.db):
        raise ConfigurationError("the database is not migrated: run `qiantai migrate`")
    else:
        refuse_demo_agents(house)
        refuse_samples(house.knowledge, house.clock.now())
    keep_versions(house)
    log.info("start: %s", describe(house))
    assistant = _assistant(house)
    house.conversations.on_end.append(forget)  # Rasa's memory of a conversation ends with it
    assistant.start()
    app = create_app(house, assistant)
    password = demo_agents(house)
    if settings.second_port:
        _listen_on_second_origin(app, house)

    async def ready(_app: Any, _loop: object) -> None:
        _print_addresses(house, password, time.monotonic() - started)

    app.register_listener(ready, "after_server_start")
    app.run(settings.host, settings.port, access_log=False, motd=False, debug=False)


def _assistant(house: House) -> Any:
    from bot.assistant import Assistant

    return Assistant(house.settings.models, house, house.db)


def demo_agents(house: House) -> str | None:
    """Make the demonstration sign-ins and give their password; in production there are none."""
    if not house.settings.development:
        return None
    password = house.settings.demo_password or secrets.token_urlsafe(9)
    name, _ = house.knowledge.phrase("demo_agent_name")
    for username, number, roles in DEMO_AGENTS:
        house.staff.put(username, f"{name}{number}", password, roles)
    return password


def refuse_demo_agents(house: House) -> None:
    """Their passwords are printed at every start of a development server."""
    demo = {username for username, *_ in DEMO_AGENTS}
    with house.db.transaction() as tx:
        found = sorted(demo & set(house.staff.names_in(tx)))
    if found:
        raise ConfigurationError(
            f"this database holds the demonstration sign-ins {', '.join(found)}: it comes from development mode; "
            "production needs a database of its own"
        )


def _listen_on_second_origin(app: Any, house: House) -> None:
    """The same app on a second port: to a browser it is another site."""

    async def start(_app: Any, _loop: object) -> None:
        server = await app.create_server(
            house.settings.host, house.settings.second_port, return_asyncio_server=True, access_log=False
        )
        await server.start_serving()
        app.ctx.second_origin = server

    async def stop(_app: Any, _loop: object) -> None:
        app.ctx.second_origin.close()

    app.register_listener(start, "after_server_start")
    app.register_listener(stop, "before_server_stop")


def _print_addresses(house: House, password: str | None, seconds: float) -> None:
    origin = first_origin(house)
    lines = [f"ready after {seconds:.1f} s", f"customers   {origin}/demo", f"agents      {origin}/desk"]
    if house.settings.second_port:
        second = f"http://{house.settings.host}:{house.settings.second_port}"
        lines.append(f"another site {second}/demo?server={origin}")
    if password is not None:
        names = ", ".join(username for username, *_ in DEMO_AGENTS)
        lines.append(f"sign-ins    {names}   password {password}   (demonstration, development mode only)")
    _box(lines)


def _box(lines: Iterable[str]) -> None:
    print("\n" + "\n".join(f"  {line}" for line in lines) + "\n", flush=True)
