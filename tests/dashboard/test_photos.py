"""A photograph with a report: known by its bytes, freed of what it says of its taker, kept for a while, for operators alone."""

import errno
import struct
import zlib
from pathlib import Path

import httpx
import pytest

from dashboard import photo_store
from dashboard.form_parts import boundary_of, read_parts
from dashboard.photo_bytes import SCANS_MAX, Photo, clean_photo
from dashboard.photo_store import KEPT_S, PhotoStore
from dashboard.report_page import PHOTOS_PER_ADDRESS
from tests.dashboard.conftest import Site
from tests.dashboard.night import NOW
from tests.dashboard.test_report_page import FORM, Fields, code_of, visitor

__all__ = ["visitor"]
SECRET = b"GPS 39.9042N 116.4074E Zhang San"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int, order: str = "<") -> bytes:
    entries = struct.pack(f"{order}HHIHH", 0x010F, 2, 4, 65, 0) + struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return b"Exif\0\0" + mark + struct.pack(f"{order}IH", 8, 2) + entries + bytes(4) + SECRET


def jpeg(*extra: bytes, width: int = 4, scan: bytes = b"\x12\xff\x00\x34\xff\xd0\x56", tail: bytes = SECRET) -> bytes:
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", 4, width) + b"\x01\x01\x11\x00")
    begun = segment(0xDB, bytes(65)) + frame + segment(0xC4, bytes(18)) + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + scan
    return b"\xff\xd8" + b"".join(extra) + begun + b"\xff\xd9" + tail


def chunk(sort: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + sort + body + struct.pack(">I", zlib.crc32(sort + body))


def png(*extra: bytes, size: tuple[int, int] = (1, 1)) -> bytes:
    head = chunk(b"IHDR", struct.pack(">II", *size) + b"\x08\x00\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"") + SECRET


def part(sort: bytes, body: bytes) -> bytes:
    return sort + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def webp(*parts: bytes) -> bytes:
    inside = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside + SECRET


VP8L = part(b"VP8L", b"\x2f" + struct.pack("<I", 3 | 3 << 14) + b"\x07")
VP8X = part(b"VP8X", bytes([0x1C, 0, 0, 0]) + bytes([3, 0, 0, 3, 0, 0]))
APP = (
    segment(0xE1, exif(1)),
    segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
    segment(0xED, SECRET),
    segment(0xFE, SECRET),
)


@pytest.mark.parametrize(
    ("sort", "told", "bare"),
    [
        ("jpg", jpeg(segment(0xE0, b"JFIF\0" + SECRET), *APP), jpeg(tail=b"")),
        ("png", png(chunk(b"tEXt", SECRET), chunk(b"eXIf", SECRET), chunk(b"tIME", bytes(7))), png()[: -len(SECRET)]),
        ("webp", webp(VP8X, part(b"ICCP", SECRET), VP8L, part(b"EXIF", SECRET), part(b"XMP ", SECRET)), b""),
    ],
)
def test_all_that_is_not_the_picture_is_gone(sort: str, told: bytes, bare: bytes) -> None:
    photo = clean_photo(told)
    assert photo is not None
    assert photo.sort == sort
    assert SECRET not in photo.data
    assert photo.data == (bare or webp(part(b"VP8X", bytes([0x10]) + VP8X[9:18]), VP8L)[: -len(SECRET)])
    assert clean_photo(photo.data) == photo


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_how_the_telephone_was_held_is_kept_and_nothing_else_of_it(order: str, orientation: int) -> None:
    photo = clean_photo(jpeg(segment(0xE1, exif(orientation, order))))
    assert photo is not None
    assert SECRET not in photo.data
    again = clean_photo(photo.data)
    assert again == photo
    assert struct.pack(">HHIH", 0x0112, 3, 1, orientation) in photo.data
    assert len(photo.data) == len(jpeg(tail=b"")) + 36


@pytest.mark.parametrize(
    ("written", "kept"), [(b"Adobe\0d\0\0\0\0\1", True), (b"Adobe\0d\0\0\0\0\1" + SECRET, True), (SECRET, False)]
)
def test_how_colours_are_turned_is_kept_and_nothing_behind_it(written: bytes, *, kept: bool) -> None:
    photo = clean_photo(jpeg(segment(0xEE, written)))
    assert photo == Photo("jpg", jpeg(*[segment(0xEE, b"Adobe\0d\0\0\0\0\1")] * kept, tail=b""))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"GIF89a" + bytes(40),
        b"\xff\xd8\xff\xd9",
        jpeg(width=0),
        jpeg(tail=b"")[:-2],
        jpeg(tail=b"")[:60],
        png(size=(100_000, 100_000)),
        png(chunk(b"ABCD", b"needed")),
        png().replace(b"IDAT", b"IDAX"),
        png()[:40],
        webp(part(b"EXIF", SECRET)),
        webp(part(b"VP8X", bytes([0x02, 0, 0, 0]) + bytes(6)), VP8L),
        webp(VP8L, VP8L),
        webp(VP8L)[:20],
        b"RIFF\xff\xff\xff\xffWEBP",
        b"\xff\xd8" + b"\xff" * 100_000,
        jpeg(scan=b"\x12" + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") * SCANS_MAX),
    ],
)
def test_what_is_no_picture_of_the_three_sorts_is_none(data: bytes) -> None:
    assert clean_photo(data) is None


def test_no_cut_and_no_changed_byte_is_more_than_a_refusal() -> None:
    for whole in (jpeg(*APP), png(chunk(b"tEXt", SECRET)), webp(VP8X, VP8L)):
        for at in range(len(whole)):
            clean_photo(whole[:at])
            clean_photo(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])


# ------------------------------------------------------------------------------------------------------- the folder


def test_the_folder_is_private_names_tell_nothing_and_time_ends_it(tmp_path: Path) -> None:
    store = PhotoStore(folder=tmp_path / "photos")
    name = store.keep(Photo("png", b"x"), NOW)
    assert name is not None
    assert (len(name), name[32:]) == (36, ".png")
    assert (store.folder.stat().st_mode & 0o777, (store.folder / name).stat().st_mode & 0o777) == (0o700, 0o600)
    assert store.read(name, NOW + KEPT_S * 1000) == b"x"
    assert store.read(name, NOW + KEPT_S * 1000 + 1001) is None
    assert store.purge(NOW + KEPT_S * 1000 + 1001) == (0, 0)
    assert list(store.folder.iterdir()) == []


@pytest.mark.parametrize("name", ["../secrets/token", "..", "", "a" * 32 + ".png", "A" * 32 + ".png", "a" * 32 + ".svg"])
def test_only_names_of_ours_are_looked_for(tmp_path: Path, name: str) -> None:
    assert PhotoStore(folder=tmp_path).read(name, NOW) is None


def test_a_full_folder_takes_nothing_and_loses_nothing(tmp_path: Path) -> None:
    store = PhotoStore(folder=tmp_path, total_max=10, count_max=2)
    first = store.keep(Photo("jpg", bytes(6)), NOW)
    assert store.keep(Photo("jpg", bytes(5)), NOW) is None
    assert store.keep(Photo("jpg", bytes(4)), NOW) is not None
    assert store.keep(Photo("jpg", b""), NOW) is None
    assert store.read(first or "", NOW) == bytes(6)


# --------------------------------------------------------------------------------------------------------- the page


def sent(visitor: httpx.Client, picture: bytes, **changes: str) -> httpx.Response:
    page = visitor.get("/report").text
    assert 'enctype="multipart/form-data"' in page
    fields = {"seal": Fields(page).fields["seal"], **FORM, **changes}
    return visitor.post("/report", data=fields, files={"photo": ("IMG_1.HEIC.exe", picture, "text/html")})


def test_a_photograph_goes_with_the_report_and_operators_alone_see_it(site: Site, visitor: httpx.Client) -> None:
    code_of(sent(visitor, jpeg(*APP)))
    (report,) = site.door.reports
    address = str(report["photo"])
    assert report["text"] == FORM["text"]
    answer = site.client().get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content == jpeg(tail=b"")
    assert answer.headers["content-disposition"] == f'inline; filename="{address.rpartition("/")[2]}"'
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]
    assert visitor.get(address).status_code == 401
    assert site.client().get("/v1/photos/" + "0" * 32 + ".jpg").status_code == 404


def test_no_file_chosen_is_no_photograph_and_a_bad_one_is_said(site: Site, visitor: httpx.Client) -> None:
    code_of(sent(visitor, b""))
    assert "photo" not in site.door.reports[0]
    refused = sent(visitor, b"<script>alert(1)</script>")
    assert refused.status_code == 422
    assert 'id="photo-fault"' in refused.text
    assert FORM["text"] in refused.text
    too_long = sent(visitor, b"\xff\xd8" + bytes(5_100_000))
    assert too_long.status_code in {400, 413}
    assert len(site.door.reports) == 1


def test_who_sends_too_many_photographs_still_reports(site: Site, visitor: httpx.Client) -> None:
    for _ in range(PHOTOS_PER_ADDRESS[0] + 1):
        code_of(sent(visitor, png()))
    assert ["photo" in report for report in site.door.reports] == [True] * PHOTOS_PER_ADDRESS[0] + [False]


# ---------------------------------------------------------------------------------------------------- the form's parts


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b",
        b"--b--",
        b'x--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--',
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b',
        b"--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--",
        b"--b\r\n" + b"X: y\r\n" * 300 + b"\r\n\r\n1\r\n--b--",
        b"--b\r\n\r\n" * 1000 + b"--b--",
    ],
)
def test_what_no_form_sends_is_no_form(body: bytes) -> None:
    assert not read_parts(body, b"b")


def test_the_parts_are_read_as_they_are() -> None:
    assert boundary_of("multipart/form-data; boundary=b") == b"b"
    assert boundary_of("application/x-www-form-urlencoded") is None
    head = b'Content-Disposition: form-data; name="photo"; filename="x"\r\nContent-Type: a/b'
    body = b"--b\r\n" + head + b"\r\n\r\n\r\n\x00-\r\n\r\n--b--\r\n"
    assert read_parts(body, b"b") == {"photo": b"\r\n\x00-\r\n"}


def test_a_photograph_that_goes_while_the_others_are_counted_is_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PhotoStore(folder=tmp_path)
    names = [store.keep(Photo("png", b"xy"), NOW) for _ in range(3)]

    def look(path: Path, _: int) -> bool:
        if path.name == names[1]:
            path.unlink()  # as another thread would just now
        return path.stat().st_size == 0

    monkeypatch.setattr(photo_store, "_is_old", look)
    assert store.purge(NOW) == (4, 2)


def test_half_a_photograph_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("dashboard.photo_store.os.utime", full)
    with pytest.raises(OSError, match="No space"):
        PhotoStore(folder=tmp_path).keep(Photo("png", b"x"), NOW)
    assert list(tmp_path.iterdir()) == []
