"""Production tells customers no invented figures: it does not start while it would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from bot.clock import FrozenClock
from bot.errors import ConfigurationError
from bot.knowledge import Knowledge
from bot.knowledge.samples import served_samples
from bot.serve import refuse_sample_figures, serve
from bot.wiring import House

TODAY = date(2026, 11, 22)


def own(said: Knowledge, *, but: tuple[str, ...] = ()) -> Knowledge:
    """The same with figures of the bank's own, all but some."""
    figures = {id_: figure.copy(update={"sample": id_ in but}) for id_, figure in said.figures.items()}
    return replace(said, figures=MappingProxyType(figures))


def test_production_does_not_start_with_the_demonstration_banks_rates(house: House) -> None:
    with pytest.raises(ConfigurationError, match=r"\d+ sample figures are told to customers today, by \d+ scripts: "):
        serve(replace(house.settings, mode="production"))


def test_it_names_the_figures_and_the_scripts_that_tell_them(house: House) -> None:
    one = replace(house, knowledge=own(house.knowledge, but=("mortgage_rate_low",)))
    telling = [id_ for id_, script in one.knowledge.scripts.items() if "mortgage_rate_low" in script.figures]
    assert telling
    with pytest.raises(ConfigurationError) as refused:
        refuse_sample_figures(one)
    assert f"by {len(telling)} scripts: mortgage_rate_low (scripts {telling[0]}" in refused.value.message


def test_it_names_the_first_few_of_many(house: House) -> None:
    with pytest.raises(ConfigurationError) as refused:
        refuse_sample_figures(house)
    assert refused.value.message.count(" ...") == 2 and len(refused.value.message) < 400


def test_a_banks_own_figures_start(house: House) -> None:
    refuse_sample_figures(replace(house, knowledge=own(house.knowledge)))


def test_a_sample_that_nobody_tells_today_is_no_reason(said: Knowledge) -> None:
    id_ = "mortgage_rate_low"
    scripts = {
        name: script.copy(update={"valid_to": date(2026, 11, 21)}) if id_ in script.figures else script
        for name, script in said.scripts.items()
    }
    ended = replace(own(said, but=(id_,)), scripts=MappingProxyType(scripts))
    assert served_samples(ended, TODAY) == {}
    assert served_samples(ended, date(2026, 11, 21)) != {}


def test_today_is_beijings(house: House, clock: FrozenClock) -> None:
    scripts = {
        name: script.copy(update={"valid_to": TODAY}) if script.figures else script
        for name, script in house.knowledge.scripts.items()
    }
    last = replace(house, knowledge=replace(house.knowledge, scripts=MappingProxyType(scripts)))
    with pytest.raises(ConfigurationError):
        refuse_sample_figures(last)
    clock.advance(hours=12, minutes=1)  # noon in Beijing, so it is tomorrow there and today in London
    refuse_sample_figures(last)
