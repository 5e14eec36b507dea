"""Which branch is nearest: distances that an atlas knows, and the edges of the map; and which ones are asked for."""

from __future__ import annotations

from math import isfinite, pi

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.knowledge import Knowledge, load
from bot.knowledge.model import Branch, Place
from bot.knowledge.places import EARTH_KM, MOST, Asked, asked_for, distance_km, nearest, told
from bot.settings import ROOT

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


TOWN = [
    Place(id="hangzhou", name="杭州市", words=("杭州",)),
    Place(id="xihu", name="西湖区"),
    Place(id="pudong", name="浦东新区", words=("浦东",)),
]


def located(id_: str, district: str) -> Branch:
    blank = {field: "x" for field in ("address", "phone", "hours", "weekend")}
    return Branch(id=id_, name=f"{id_}支行", district=district, **blank)


class TestAskedFor:
    LAKE, GATE, TOWER = located("lake", "杭州市西湖区"), located("gate", "杭州市上城区"), located("tower", "上海浦东")
    ALL = {branch.id: branch for branch in (LAKE, GATE, TOWER)}  # noqa: RUF012

    def asked(self, *places: str, ids: tuple[str, ...] = ()) -> Asked | None:
        return asked_for(self.ALL, TOWN, ids, places)

    def test_is_nothing_where_nothing_was_named(self) -> None:
        assert self.asked() is None
        assert self.asked(ids=("closed_since",)) is None

    def test_a_branch_says_more_than_a_place(self) -> None:
        assert self.asked("杭州市", ids=("tower", "lake", "tower")) == Asked((self.TOWER, self.LAKE))

    @pytest.mark.parametrize(
        ("places", "found"),
        [
            (("杭州市",), (LAKE, GATE)),
            (("西湖区",), (LAKE,)),
            (("上城区",), (GATE,)),  # known from the branch alone
            (("杭州市西湖区",), (LAKE,)),
            (("浦东新区",), (TOWER,)),  # though the file writes 上海浦东
            (("杭州市", "西湖区"), (LAKE,)),  # in both
            (("西湖区", "浦东新区"), (LAKE, TOWER)),  # in either
        ],
    )
    def test_a_place_means_the_branches_there(self, places: tuple, found: tuple) -> None:
        assert self.asked(*places) == Asked(found, places)

    def test_of_two_places_the_one_without_a_branch_is_not_said_to_have_one(self) -> None:
        assert self.asked("西湖区", "成都市") == Asked((self.LAKE,), ("西湖区",))

    @pytest.mark.parametrize("places", [("成都市",), ("成都市西湖区",), ("成都市", "大理市")])
    def test_a_place_without_a_branch_is_told_as_such(self, places: tuple) -> None:
        assert self.asked(*places) == Asked((), places)


@pytest.fixture(scope="module")
def said() -> Knowledge:
    return load(ROOT / "knowledge")


class TestTold:
    def test_a_branch_with_all_that_one_goes_there_for(self, said: Knowledge) -> None:
        branch = said.branches["east"]
        phrase, values = told(Asked((branch,)), said)
        text, _ = said.phrase(phrase, **values)
        for fact in (branch.name, branch.address, branch.hours, branch.weekend, branch.phone):
            assert fact in text

    def test_at_most_three_and_how_many_there_are(self, said: Knowledge) -> None:
        every = tuple(said.branches.values())
        phrase, values = told(Asked(every, ("样例市",)), said)
        text, _ = said.phrase(phrase, **values)
        assert phrase == "branches_in_more" and f"样例市有{len(every)}家" in text
        assert [branch.name in text for branch in every] == [place < MOST for place in range(len(every))]

    def test_all_where_they_are_few(self, said: Knowledge) -> None:
        shown = tuple(said.branches.values())[:MOST]
        phrase, values = told(Asked(shown, ("样例市", "城东区")), said)
        assert (phrase, values["place"]) == ("branches_in", "样例市、城东区")
        assert all(branch.name in values["branches"] for branch in shown)

    def test_none_is_said_honestly(self, said: Knowledge) -> None:
        phrase, values = told(Asked((), ("成都市",)), said)
        text, _ = said.phrase(phrase, **values)
        assert (phrase, values) == ("branches_none", {"place": "成都市"})
        assert said.bank.hotline in text and "成都市" in text
