"""Which branch is nearest: distances that an atlas knows, and the edges of the map."""

from __future__ import annotations

from math import isfinite, pi

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.knowledge.model import Branch
from bot.knowledge.places import EARTH_KM, distance_km, nearest

BEIJING, SHANGHAI = (39.9042, 116.4074), (31.2304, 121.4737)
LONDON, PARIS = (51.5074, -0.1278), (48.8566, 2.3522)
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
PLACES = st.tuples(LATITUDES, LONGITUDES)
HALF_ROUND = pi * EARTH_KM


def branch(name: str, latitude: float | None = None, longitude: float | None = None) -> Branch:
    blank = {field: "x" for field in ("district", "address", "phone", "hours", "weekend")}
    return Branch(id=name, name=name, latitude=latitude, longitude=longitude, **blank)


class TestDistance:
    @pytest.mark.parametrize(
        ("here", "there", "km"),
        [
            (BEIJING, SHANGHAI, 1067),
            (LONDON, PARIS, 344),
            ((0, 0), (0, 1), 111.2),  # a degree of the equator
            ((0, 0), (1, 0), 111.2),
            ((60, 0), (60, 1), 55.6),  # half as much at 60 degrees
            ((90, 0), (-90, 0), HALF_ROUND),
            ((0, 0), (0, 180), HALF_ROUND),
        ],
    )
    def test_is_the_one_of_the_atlas(self, here: tuple, there: tuple, km: float) -> None:
        assert distance_km(*here, *there) == pytest.approx(km, rel=0.002)

    def test_over_the_date_line_is_the_short_way(self) -> None:
        assert distance_km(0, 179.5, 0, -179.5) == pytest.approx(distance_km(0, -0.5, 0, 0.5))
        assert distance_km(10, 180, 10, -180) == pytest.approx(0, abs=1e-6)

    def test_at_the_pole_every_longitude_is_the_same_place(self) -> None:
        assert distance_km(90, 0, 90, 120) == pytest.approx(0, abs=1e-6)

    @given(PLACES, PLACES)
    def test_is_the_same_both_ways_and_never_past_the_other_end_of_the_world(self, here: tuple, there: tuple) -> None:
        away = distance_km(*here, *there)
        assert isfinite(away) and 0 <= away <= HALF_ROUND + 1e-6
        assert away == pytest.approx(distance_km(*there, *here), abs=1e-6)

    @given(PLACES)
    @example((-44.0875753669041, 89.17831567654937))  # the haversine is rounded to more than 1, its root is not
    def test_to_the_other_end_of_the_world_is_half_its_round(self, here: tuple) -> None:
        latitude, longitude = here
        other = (-latitude, longitude - 180 if longitude > 0 else longitude + 180)
        assert distance_km(*here, *other) == pytest.approx(HALF_ROUND, rel=1e-6)


class TestNearest:
    def test_is_the_one_that_is_nearest(self) -> None:
        found = nearest([branch("far", *BEIJING), branch("near", 31.2, 121.5)], *SHANGHAI)
        assert found is not None
        assert found[0].id == "near"
        assert found[1] == pytest.approx(4.2, abs=0.1)

    @pytest.mark.parametrize("branches", [[], [branch("a")], [branch("a", latitude=1), branch("b", longitude=1)]])
    def test_is_none_where_no_place_is_known(self, branches: list[Branch]) -> None:
        assert nearest(branches, *SHANGHAI) is None

    def test_one_whose_place_is_not_known_is_no_candidate(self) -> None:
        found = nearest([branch("unknown"), branch("known", *BEIJING)], *SHANGHAI)
        assert found is not None and found[0].id == "known"

    def test_of_zero_degrees_is_a_known_place(self) -> None:
        found = nearest([branch("zero", 0, 0), branch("far", *BEIJING)], 0.1, 0.1)
        assert found is not None and found[0].id == "zero"

    def test_of_two_at_the_same_distance_is_always_the_same(self) -> None:
        """Whatever order the file has them in."""
        east, west = branch("east", 0, 1), branch("west", 0, -1)
        for branches in ([east, west], [west, east]):
            found = nearest(branches, 0, 0)
            assert found is not None and found[0].id == "east"

    def test_looks_over_the_date_line(self) -> None:
        found = nearest([branch("other_side", 0, -179.9), branch("this_side", 0, 178)], 0, 179.9)
        assert found is not None and found[0].id == "other_side"

    def test_in_the_branch_itself_is_no_way_at_all(self) -> None:
        found = nearest([branch("here", *SHANGHAI)], *SHANGHAI)
        assert found is not None and found[1] == pytest.approx(0, abs=1e-6)
