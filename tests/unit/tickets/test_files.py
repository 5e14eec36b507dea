"""Evidence: what it is by its bytes, kept as it came, given back to whoever may see the case (001-16)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tickets_support import Desk

from bot.errors import Conflict, Forbidden, InvalidInput, NotFound, QiantaiError
from bot.tickets import files
from bot.tickets.files import MAX_BYTES, FileTooLarge, FileTypeRefused, files_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAMPLES = {
    "image/jpeg": b"\xff\xd8\xff\xe0rest",
    "image/png": b"\x89PNG\r\n\x1a\nrest",
    "application/pdf": b"%PDF-1.7 rest",
    "audio/mpeg": b"ID3rest",
    "audio/wav": b"RIFFxxxxWAVEfmt ",
    "text/plain": "客户的话".encode(),
}


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    return desk.complain(conversation)


def puts(desk: Desk, number: str, body: bytes, type_: str = "text/plain", name: str = "记录.txt") -> int:
    return desk.house.files.add(desk.officer("super", "supervisor"), number, name, type_, body).id


def gets(desk: Desk, number: str, id_: int) -> tuple[str, bytes]:
    return desk.house.files.open(desk.officer("super", "supervisor"), number, id_)


class TestTheKind:
    @pytest.mark.parametrize(("type_", "body"), SAMPLES.items())
    def test_is_what_the_bytes_say(self, desk: Desk, number: str, type_: str, body: bytes) -> None:
        assert gets(desk, number, puts(desk, number, body, type_)) == ("记录.txt", body)
        assert ("super", "file") in desk.history(number)

    @pytest.mark.parametrize(
        ("type_", "body"),
        [
            ("image/png", SAMPLES["image/jpeg"]),
            ("image/png", b"<html><script>alert(1)</script>"),
            ("text/html", b"<html>"),
            ("image/svg+xml", b"<svg/>"),
            ("application/x-msdownload", b"MZ"),
            ("audio/wav", b"RIFFxxxxWEBPVP8 "),  # a picture in the same wrapping
            ("text/plain", b"\xff\xfe\x00"),
            ("text/plain", b"a\0b"),
            ("text/plain", b""),
            ("", b"x"),
        ],
    )
    def test_and_not_what_its_sender_says(self, desk: Desk, number: str, type_: str, body: bytes) -> None:
        with pytest.raises(FileTypeRefused):
            puts(desk, number, body, type_)
        assert not (desk.house.settings.home / "evidence").exists()


class TestHowMuch:
    def test_ten_megabytes_and_no_byte_more(self, desk: Desk, number: str) -> None:
        puts(desk, number, b"a" * MAX_BYTES)
        with pytest.raises(FileTooLarge):
            puts(desk, number, b"a" * (MAX_BYTES + 1))

    def test_so_many_files_and_no_more(self, desk: Desk, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MOST", 2)
        for _ in range(2):
            puts(desk, number, b"x")
        with pytest.raises(InvalidInput):
            puts(desk, number, b"x")


class TestTheName:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\windows\\system.ini", "system.ini"),
            ("..", "file"),
            (".bashrc", "bashrc"),
            ("", "file"),
            ("a\r\nSet-Cookie: x.txt", "a_Set-Cookie_ x.txt"),
            ("小票（1）.png", "小票（1）.png"),
            ("x" * 300 + ".txt", "x" * 116 + ".txt"),
        ],
    )
    def test_is_a_name_and_no_path(self, desk: Desk, number: str, given: str, kept: str) -> None:
        assert gets(desk, number, puts(desk, number, b"x", name=given))[0].replace("__", "_") == kept

    def test_is_not_the_one_on_the_disk(self, desk: Desk, number: str) -> None:
        puts(desk, number, b"x", name="../../etc/passwd")
        (stored,) = (desk.house.settings.home / "evidence").iterdir()
        assert "passwd" not in stored.name


class TestWhatWasPutIn:
    @pytest.fixture
    def stored(self, desk: Desk, number: str) -> Path:
        puts(desk, number, b"as it was")
        (stored,) = (desk.house.settings.home / "evidence").iterdir()
        return stored

    def test_changed_on_the_disk_is_not_given_out(self, desk: Desk, number: str, stored: Path) -> None:
        stored.write_bytes(b"as it was not")
        with pytest.raises(QiantaiError, match="changed on the disk"):
            gets(desk, number, 1)

    def test_missing_on_the_disk_is_said(self, desk: Desk, number: str, stored: Path) -> None:
        stored.unlink()
        with pytest.raises(QiantaiError, match="missing"):
            gets(desk, number, 1)

    def test_belongs_to_its_case(self, desk: Desk, number: str, stored: Path) -> None:
        other = desk.complain(desk.conversation(), "信用卡被扣了年费", "13911112222")
        with pytest.raises(NotFound):
            gets(desk, other, 1)

    def test_is_for_those_who_may_see_the_case(self, desk: Desk, number: str, stored: Path) -> None:
        for who in (desk.officer("stranger"),):
            with pytest.raises(NotFound):
                desk.house.files.open(who, number, 1)
            with pytest.raises((NotFound, Forbidden)):
                desk.house.files.add(who, number, "x.txt", "text/plain", b"x")

    def test_two_at_once_are_both_there_or_one_is_told(self, desk: Desk, number: str, stored: Path) -> None:
        with pytest.raises(Conflict):
            desk.casework.act(desk.officer("super", "supervisor"), number, "note", 1, {"text": "旧的版本"})
        with desk.db.transaction() as tx:
            assert len(files_of(tx, number)) == 1
