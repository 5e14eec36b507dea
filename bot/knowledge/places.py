"""Which branch is nearest. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from bot.knowledge.model import Branch

EARTH_KM = 6371.0


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
