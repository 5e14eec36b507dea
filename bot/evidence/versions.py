"""One entry of knowledge/ as it was, from the archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.clock import rfc3339
from bot.db import Tx
from bot.knowledge import archive
from bot.knowledge.archive import Version


def version_of(
    tx: Tx, kind: str, id_: str, digests: Mapping[tuple[str, str], str], version: int | None = None
) -> dict[str, Any]:
    """The content that the digest names, and every other that stood under the same version.

    A message older than the archive names no digest: then all that was kept under the version may be what was said.
    """
    digest = digests.get((kind, id_))
    kept = archive.find(tx, kind, id_, version)
    meant = [one for one in kept if one.digest == digest]
    others = [one for one in kept if one.digest != digest and (digest is None or version is not None)]
    return {
        "kind": kind,
        "id": id_,
        "version": version,
        "digest": digest,
        "as_said": _wire(meant[0]) if meant else None,
        "others": [_wire(one) for one in others],
    }


def shown(tx: Tx, kind: str, id_: str, digest: str) -> dict[str, Any] | None:
    return next((_wire(one) for one in archive.find(tx, kind, id_) if one.digest == digest), None)


def _wire(one: Version) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "id": one.id,
        "version": one.version,
        "digest": one.digest,
        "first_seen_at": rfc3339(one.first_seen_at),
        "unaltered": one.unaltered,
        "content": dict(one.content),
    }
