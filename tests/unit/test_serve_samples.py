"""Production tells customers no invented figures: it does not start while it would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from support import SUNDAY_NOON

from bot.clock import FrozenClock
from bot.errors import ConfigurationError
from bot.knowledge import Knowledge
from bot.knowledge.samples import refuse_samples, served_samples
from bot.serve import serve
from bot.wiring import House

TODAY = date(2026, 11, 22)


def own(said: Knowledge, *, but: tuple[str, ...] = ()) -> Knowledge:
    """The same with figures of the bank's own, all but some."""
    figures = {id_: figure.copy(update={"sample": id_ in but}) for id_, figure in said.figures.items()}
    return replace(said, figures=MappingProxyType(figures))


def test_production_does_not_start_with_the_demonstration_banks_rates(house: House) -> None:
    with pytest.raises(ConfigurationError, match=r"\d+ sample figures are told to customers today, by \d+ scripts: "):
        serve(replace(house.settings, mode="production"))


def test_it_names_the_figures_and_the_scripts_that_tell_them(said: Knowledge) -> None:
    one = own(said, but=("mortgage_rate_low",))
    telling = [id_ for id_, script in one.scripts.items() if "mortgage_rate_low" in script.figures]
    assert telling
    with pytest.raises(ConfigurationError) as refused:
        refuse_samples(one, SUNDAY_NOON)
    assert f"by {len(telling)} scripts: mortgage_rate_low (scripts {telling[0]}" in refused.value.message


def test_it_names_the_first_few_of_many(said: Knowledge) -> None:
    with pytest.raises(ConfigurationError) as refused:
        refuse_samples(said, SUNDAY_NOON)
    assert refused.value.message.count(" ...") == 2 and len(refused.value.message) < 400


def test_a_banks_own_figures_start(said: Knowledge) -> None:
    refuse_samples(own(said), SUNDAY_NOON)


def test_a_sample_that_nobody_tells_today_is_no_reason(said: Knowledge) -> None:
    id_ = "mortgage_rate_low"
    scripts = {
        name: script.copy(update={"valid_to": date(2026, 11, 21)}) if id_ in script.figures else script
        for name, script in said.scripts.items()
    }
    ended = replace(own(said, but=(id_,)), scripts=MappingProxyType(scripts))
    assert served_samples(ended, TODAY) == {}
    assert served_samples(ended, date(2026, 11, 21)) != {}


def test_today_is_beijings(said: Knowledge, clock: FrozenClock) -> None:
    scripts = {
        name: script.copy(update={"valid_to": TODAY}) if script.figures else script
        for name, script in said.scripts.items()
    }
    last = replace(said, scripts=MappingProxyType(scripts))
    with pytest.raises(ConfigurationError):
        refuse_samples(last, clock.now())
    clock.advance(hours=12, minutes=1)  # noon in Beijing, so it is tomorrow there and today in London
    refuse_samples(last, clock.now())
