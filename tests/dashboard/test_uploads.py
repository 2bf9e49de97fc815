"""Many photographs at once: they are bounded by address and in all, and the report is taken without its picture."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from starlette.requests import Request

from dashboard.form_parts import read_parts
from dashboard.report_form import BODY_MAX, UPLOAD_MAX, ReportForm
from dashboard.report_upload import Sieve, arrive, size_of
from dashboard.uploads import ADDRESS_COUNT_MAX, COUNT_MAX, Bounds, Uploads
from tests.dashboard.conftest import Site
from tests.dashboard.test_photos import chunk, png
from tests.dashboard.test_report_page import FORM, Fields, code_of, visitor

__all__ = ["visitor"]
BIG = png(chunk(b"tEXt", bytes(BODY_MAX)))
HEAD = b'Content-Disposition: form-data; name="%s"\r\n\r\n'
TEXT = b"--b\r\n" + HEAD % b"what" + b"fire\r\n--b\r\n" + HEAD % b"place"
PHOTO = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n'


# -------------------------------------------------------------------------------------------------------- the bounds


def test_each_address_and_all_together_have_a_bound_in_number_and_in_bytes() -> None:
    uploads = Uploads(Bounds(count_max=3, bytes_max=100, address_count_max=2, address_bytes_max=60))
    with ExitStack() as held:
        assert [held.enter_context(uploads.room("a", 20)) for _ in range(3)] == ["free", "free", "address_full"]
        assert held.enter_context(uploads.room("b", 61)) == "desk_full"
        assert held.enter_context(uploads.room("b", 60)) == "free"
        assert held.enter_context(uploads.room("c", 1)) == "desk_full"
        assert uploads.count == 3
    assert uploads.count == 0
    with uploads.room("a", 61) as room:
        assert room == "address_full"
    with pytest.raises(ConnectionError), uploads.room("a", 60):
        raise ConnectionError
    with uploads.room("a", 60) as room:
        assert room == "free"


@pytest.mark.parametrize(
    ("said", "size"), [("5", 5), ("", UPLOAD_MAX), ("-1", UPLOAD_MAX), ("9" * 15, UPLOAD_MAX), ("9" * 5000, UPLOAD_MAX)]
)
def test_a_request_that_announces_nothing_counts_as_the_largest(said: str, size: int) -> None:
    assert size_of(Request({"type": "http", "headers": [(b"content-length", said.encode())]})) == size


# ---------------------------------------------------------------------------------------------- without the photograph


@pytest.mark.parametrize(
    "body",
    [
        TEXT + b"b03\r\n" + PHOTO + b"\r\n--\r\n--c\x00" * 9 + b"\r\n--b--\r\n",
        PHOTO + b"x" * 50 + b"\r\n" + TEXT + b"\r\n--b--",
        PHOTO + b"\r\n" + TEXT + b"b03\r\n--b--",
        TEXT + PHOTO.replace(b"--b", b"--c") + b"what somebody wrote\r\n--b--",
        TEXT + b"b03\r\n" + PHOTO + b"one\r\n" + PHOTO + b"two\r\n--b--",
    ],
)
def test_however_a_body_is_cut_into_pieces_all_of_it_is_kept_but_the_photograph(body: bytes) -> None:
    expected = read_parts(body, b"b")
    assert expected is not None
    had_photo = bool(expected.get("photo"))
    for length in (*range(1, 40), len(body)):
        sieve = Sieve(b"b")
        for at in range(0, len(body), length):
            sieve.take(body[at : at + length])
        assert read_parts(sieve.kept(), b"b") == expected | ({"photo": b""} if "photo" in expected else {})
        assert sieve.has_cut == had_photo


def coming(*pieces: bytes, is_all: bool) -> Request:
    """A request of which these pieces come, and then nothing."""
    left = [*pieces]

    async def receive() -> dict[str, object]:
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or not is_all}

    return Request({"type": "http", "headers": []}, receive)


@pytest.mark.anyio
@pytest.mark.parametrize("has_room", [True, False])
async def test_of_a_photograph_that_comes_too_slowly_the_report_is_taken(has_room: bool) -> None:
    begun = coming(TEXT + b"b03\r\n" + PHOTO, b"\x89PNG", is_all=False)
    came = await arrive(begun, b"b", has_room=has_room, within_s=0.05)
    assert (came.form, came.picture, came.is_cut) == (ReportForm(what="fire", place="b03"), b"", True)
    came = await arrive(coming(TEXT, is_all=False), b"b", has_room=has_room, within_s=0.05)
    assert (came.form, came.is_too_long) == (None, False)


@pytest.mark.anyio
async def test_no_more_is_held_than_a_form_may_have() -> None:
    flood = [TEXT, *[b"x" * 10_000] * 3]
    assert (await arrive(coming(*flood, is_all=True), b"b", has_room=False, within_s=5)).is_too_long
    assert (await arrive(coming(TEXT, *[PHOTO] * 50_000, is_all=True), b"b", has_room=False, within_s=5)).is_too_long
    assert (await arrive(coming(*flood, is_all=True), None, has_room=True, within_s=5)).is_too_long
    slow = await arrive(coming(b"what=fire&", is_all=False), None, has_room=True, within_s=0.05)
    assert (slow.form, slow.is_too_long) == (None, False)


# ---------------------------------------------------------------------------------------------------------- the page


@contextmanager
def holding(site: Site, address: str, count: int) -> Iterator[None]:
    """So many photographs on their way from an address: the desk has begun to read each, and waits for more."""
    host, _, port = site.url.removeprefix("http://").partition(":")
    with ExitStack() as open_ones:
        for _ in range(count):
            one = open_ones.enter_context(socket.create_connection((host, int(port)), 20))
            one.sendall(
                b"POST /report HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 20000\r\nX-Forwarded-For: "
                + address.encode()
                + b"\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n"
            )
            assert one.recv(100).startswith(b"HTTP/1.1 100 Continue")
        yield


def sent(visitor: httpx.Client, **changes: str) -> httpx.Response:
    fields = {"seal": Fields(visitor.get("/report").text).fields["seal"], **FORM, **changes}
    return visitor.post("/report", data=fields, files={"photo": ("x.png", BIG, "image/png")})


def counted(site: Site, name: str) -> float:
    lines = site.client().get("/metrics").text.splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} "))


def test_one_address_with_too_many_on_their_way_reports_without_its_photograph(site: Site, visitor: httpx.Client) -> None:
    with holding(site, "127.0.0.1", ADDRESS_COUNT_MAX):
        assert counted(site, "shouwang_report_uploads") == ADDRESS_COUNT_MAX
        answer = sent(visitor)
        code = code_of(answer)
        again = sent(visitor, place="")
        code_of(visitor.post("/report", data=FORM | {"seal": Fields(again.text).fields["seal"]}))
        visitor.headers["X-Forwarded-For"] = "198.51.100.7"
        elsewhere = sent(visitor)
    assert (site.door.reports[0]["id"], "photo" in site.door.reports[0]) == (code, False)
    assert "报告已收下，照片没有收下" in visitor.get(answer.headers["location"]).text
    assert "its photograph is not" in visitor.get(answer.headers["location"].replace("lang=zh", "lang=en")).text
    assert (again.status_code, again.headers["retry-after"]) == (429, "30")
    assert all(said in again.text for said in ('id="place-fault"', 'id="photo-fault"', "此刻发来的照片太多", FORM["text"]))
    assert "photo=no" not in elsewhere.headers["location"]
    assert "photo" in site.door.reports[-1]
    assert counted(site, 'shouwang_report_photos_total{fate="address_full"}') == 1
    assert counted(site, 'shouwang_report_photos_total{fate="kept"}') == 1


def test_a_desk_with_too_many_on_their_way_takes_the_reports_alone(site: Site, visitor: httpx.Client) -> None:
    with ExitStack() as held:
        for number in range(COUNT_MAX // ADDRESS_COUNT_MAX):
            held.enter_context(holding(site, f"198.51.100.{number}", ADDRESS_COUNT_MAX))
        code_of(sent(visitor))
        refused = sent(visitor, what="")
    assert ["photo" in report for report in site.door.reports] == [False]
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
    assert counted(site, 'shouwang_report_photos_total{fate="desk_full"}') == 1
