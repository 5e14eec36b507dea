"""Evidence that officers add to a case (001-16): checked, kept outside the pages, given back as a download only.

The bytes lie under a name that says nothing, their digest in the table; what was put in is never changed or executed.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from bot.db import Tx
from bot.errors import InvalidInput, NotFound, QiantaiError
from bot.knowledge.editing import replace_file
from bot.text.normalise import clean
from bot.tickets import store
from bot.tickets.casework import Casework
from bot.tickets.model import CaseEvent
from bot.tickets.recusal import Officer
from bot.tickets.tables import case_files

MAX_BYTES = 10 * 1024 * 1024
MOST = 50  # files of a case
# type -> what such a file begins with: a name or a header alone proves nothing
TYPES: dict[str, tuple[bytes, ...]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "application/pdf": (b"%PDF-",),
    "audio/mpeg": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "audio/wav": (b"RIFF",),
    "text/plain": (),
}
_UNSAFE = re.compile(r"[^\w.\-（）() \u4e00-\u9fff]")


class FileTooLarge(QiantaiError):
    """The file is too large."""

    status = 413
    type = "file-too-large"


class FileTypeRefused(QiantaiError):
    """Files of this kind are not taken."""

    status = 415
    type = "file-type-refused"


class Files:
    def __init__(self, casework: Casework, folder: Path) -> None:
        self.casework = casework
        self.folder = folder

    def add(self, officer: Officer, number: str, name: str, type_: str, body: bytes) -> sa.engine.Row:
        """Raises FileTooLarge, FileTypeRefused, InvalidInput, NotFound, Forbidden."""
        _check(type_, body)
        name = _UNSAFE.sub("_", clean(Path(name.replace("\\", "/")).name))[-120:].lstrip(".") or "file"
        stored, digest = secrets.token_hex(16), hashlib.sha256(body).hexdigest()
        with self.casework.working(officer, number) as (tx, case, _):
            if len(files_of(tx, number)) >= MOST:
                raise InvalidInput("too many files in this case", field="file")
            now = self.casework.clock.now()
            made = case_files.insert().values(
                number=number, name=name, type=type_, size=len(body), sha256=digest, stored=stored, at=now,
                by=officer.username,
            )  # fmt: skip
            id_ = tx.execute(made).inserted_primary_key[0]
            event = CaseEvent(now, officer.username, "file", {"name": name, "sha256": digest})
            store.change_case(tx, case, replace(case), event)
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / stored
            replace_file(path, body)  # before the commit: a row without its file would be evidence lost
            os.chmod(path, 0o600)
            return _row(tx, number, id_)

    def open(self, officer: Officer, number: str, id_: int) -> tuple[str, bytes]:
        """Its name and bytes. Raises NotFound; QiantaiError where the bytes are not the ones that were put in."""
        with self.casework.db.transaction() as tx:
            self.casework.seen(tx, officer, number)
            row = _row(tx, number, id_)
        try:
            body = (self.folder / row.stored).read_bytes()
        except FileNotFoundError:
            raise QiantaiError(f"the evidence {row.stored} of {number} is missing on the disk") from None
        if hashlib.sha256(body).hexdigest() != row.sha256:
            raise QiantaiError(f"the evidence {row.stored} of {number} was changed on the disk")
        return row.name, body


def files_of(tx: Tx, number: str) -> list[sa.engine.Row]:
    return tx.execute(sa.select(case_files).where(case_files.c.number == number).order_by(case_files.c.id)).all()


def _check(type_: str, body: bytes) -> None:
    if len(body) > MAX_BYTES:
        raise FileTooLarge()
    begins = TYPES.get(type_)
    if begins is None or (begins and not body.startswith(begins)) or not body:
        raise FileTypeRefused()
    if type_ == "audio/wav" and body[8:12] != b"WAVE":  # pictures and films come in the same wrapping
        raise FileTypeRefused()
    if type_ == "text/plain":
        try:
            if "\0" in body.decode():
                raise FileTypeRefused()
        except UnicodeDecodeError:
            raise FileTypeRefused() from None


def _row(tx: Tx, number: str, id_: int) -> sa.engine.Row:
    row = tx.execute(sa.select(case_files).filter_by(number=number, id=id_)).one_or_none()
    if row is None:
        raise NotFound("no such file")
    return row
