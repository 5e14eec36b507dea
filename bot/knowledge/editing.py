"""Other values in a YAML file that people keep: every character around them, comments and order too, stays as it is."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode

Changes = Mapping[str, Mapping[str, str]]  # id of the entry -> field -> new value

_BARE = re.compile(r"-?\d+(?:\.\d+)?|\d{4}-\d\d-\d\d|[《\u3400-\u9fff][^\[\]{},:#\"'\n]*(?<! )")


def edited(text: str, changes: Changes) -> str:
    """`text` is a list of entries with ids; fields to be changed must be there. Raises KeyError where one is not."""
    for start, end, new in sorted(_edits(text, changes), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _edits(text: str, changes: Changes) -> Iterator[tuple[int, int, str]]:
    """Places and what is to stand there. Read in pure Python: its marks count characters."""
    missing = set(changes)
    for entry in YAML(typ="safe", pure=True).compose(text).value:
        fields = {key.value: value for key, value in entry.value}
        id_ = fields["id"].value
        missing.discard(id_)
        for name, new in changes.get(id_, {}).items():
            node = fields[name]
            yield node.start_mark.index, node.end_mark.index, _written(new, node)
    if missing:
        raise KeyError(min(missing))


def _written(value: str, node: ScalarNode) -> str:
    """Bare where it was bare and may be, else in double quotes, which YAML reads as JSON does."""
    if node.style is None and _BARE.fullmatch(value):
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return quoted + "\n" if node.style in ("|", ">") else quoted


def replace_file(path: Path, content: bytes) -> None:
    """Whole or not at all: readers see the old file or the new one. Keeps who may read it."""
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        if target.exists():
            os.chmod(name, target.stat().st_mode & 0o777)
        else:
            os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
