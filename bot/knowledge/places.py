"""Which branches a customer means: the nearest one, those that he names, those in a place that he names. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from bot.knowledge.model import Branch, Place
from bot.text.places import Names, names, units_in

if TYPE_CHECKING:
    from bot.knowledge.snapshot import Knowledge

EARTH_KM = 6371.0
MOST = 3  # branches in one answer: more is a list that nobody reads in a chat


def nearest(branches: Iterable[Branch], latitude: float, longitude: float) -> tuple[Branch, float] | None:
    """The nearest branch whose place is known, and how many kilometres away it is in a straight line."""
    known = [
        (distance_km(latitude, longitude, branch.latitude, branch.longitude), branch.id, branch)
        for branch in branches
        if branch.latitude is not None and branch.longitude is not None
    ]
    if not known:
        return None
    away, _, branch = min(known, key=lambda found: found[:2])
    return branch, away


def distance_km(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Along the great circle (haversine)."""
    south, north = radians(latitude), radians(to_latitude)
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(radians(to_longitude - longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


@dataclass(frozen=True)
class Asked:
    """`places`: full names of the places where these branches are, or, without any, where none is listed."""

    branches: tuple[Branch, ...]
    places: tuple[str, ...] = ()


def asked_for(
    branches: Mapping[str, Branch], places: Iterable[Place], ids: Iterable[str], named: Collection[str]
) -> Asked | None:
    """What is known of the branches and places that a customer named; None where he named none of either.

    A branch says more than a place. Two places mean what is in both (我在杭州，西湖区哪里有), else what is in either.
    """
    if known := tuple(branches[id_] for id_ in dict.fromkeys(ids) if id_ in branches):
        return Asked(known)
    if not named:
        return None
    read = names_of(places, branches.values())
    at = {branch.id: units_in(read, branch.district) for branch in branches.values()}
    wanted = {name: _units_of(read, name) for name in named}
    everywhere = set().union(*wanted.values())
    if both := tuple(branch for branch in branches.values() if everywhere <= at[branch.id]):
        return Asked(both, tuple(wanted))
    there = {name: [b for b in branches.values() if units <= at[b.id]] for name, units in wanted.items()}
    either = {branch.id: branch for found in there.values() for branch in found}
    return Asked(tuple(either.values()), tuple(name for name in wanted if there[name] or not either))


def told(asked: Asked, knowledge: Knowledge) -> tuple[str, dict[str, str]]:
    """The phrase that tells it, and what is filled in."""
    place = "、".join(asked.places)
    if not asked.branches:
        return "branches_none", {"place": place}
    shown = asked.branches[:MOST]
    branches = "\n".join(_entry(branch, knowledge) for branch in shown)
    if not place:
        return "branch_named", {"branches": branches}
    if shown == asked.branches:
        return "branches_in", {"place": place, "branches": branches}
    counted = {"count": str(len(asked.branches)), "shown": str(len(shown))}
    return "branches_in_more", {"place": place, "branches": branches, **counted}


def _units_of(read: Names, name: str) -> set[str]:
    """A name of which a part is not known (the model may be older than the files) is no place that is."""
    units = units_in(read, name)
    return units if sum(map(len, units)) == len(name) else {name}


def _entry(branch: Branch, knowledge: Knowledge) -> str:
    values = {"name": branch.name, "address": branch.address, "phone": branch.phone}
    return knowledge.phrase("branch_entry", **values, open=branch.hours, weekend=branch.weekend)[0]


def names_of(places: Iterable[Place], branches: Iterable[Branch]) -> Names:
    return names([place.dict() for place in places], [branch.dict() for branch in branches])
