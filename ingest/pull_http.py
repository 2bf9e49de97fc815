"""Asking by HTTP: one host at a checked address, no redirects, no proxy of the environment, bounded in size and time."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from urllib.parse import quote

import httpx

from ingest.mapping_paths import MappedPath
from ingest.pull import ASK_MAX_S, BODY_MAX, Cursor, Fetched, HttpPull, PullFailed
from ingest.pull_rows import cut

PLACE = "{cursor}"
_DEFAULT_PORTS = {"http": 80, "https": 443}

Reach = Callable[[str, int], Awaitable[IPv4Address | IPv6Address]]
"""The address to connect to for a name and a port. Raises PullFailed where we may not go, OSError where there is none."""


class HttpFetch:
    """Asks one address. The token is read anew each time, so that it can be changed without a restart.

    The name is looked up once for each question, by ``reach``, and the connection goes to what it gave: a second look could give
    another address than the one that was checked (DNS rebinding). The certificate is checked for the name.
    """

    def __init__(self, pull: HttpPull, cursor: MappedPath | None, reach: Reach) -> None:
        self._pull, self._cursor, self._reach = pull, cursor, reach
        self._trusted: ssl.SSLContext | None = None

    async def __call__(self, cursor: Cursor) -> Fetched:
        """See ingest.pull.Fetch."""
        body = await self._get(self._pull.url.replace(PLACE, quote(str(cursor), safe="")))
        return await asyncio.to_thread(cut, body, self._pull, self._cursor)

    async def _get(self, url: str) -> bytes:
        # Content that is packed could be unpacked to any size before it is counted.
        headers = {"Accept-Encoding": "identity", "User-Agent": "shouwang"}
        if self._pull.token_file is not None:
            headers["Authorization"] = f"Bearer {await asyncio.to_thread(secret_in, self._pull.token_file)}"
        try:
            trusted = await asyncio.to_thread(self._trust)
            async with asyncio.timeout(ASK_MAX_S):
                return await self._ask(httpx.URL(url), headers, trusted)
        except TimeoutError:
            raise PullFailed(f"the answer was not complete within {ASK_MAX_S:.0f} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as fault:
            raise PullFailed(f"no answer: {type(fault).__name__} {fault}") from fault

    async def _ask(self, url: httpx.URL, headers: dict[str, str], trusted: ssl.SSLContext) -> bytes:
        name = url.raw_host.decode("ascii")
        address = await self._reach(name, url.port or _DEFAULT_PORTS[url.scheme])
        headers = headers | {"Host": url.netloc.decode("ascii")}
        async with (
            httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=ASK_MAX_S, verify=trusted) as client,
            client.stream("GET", url.copy_with(host=str(address)), headers=headers, extensions={"sni_hostname": name}) as answer,
        ):
            return await _body(answer)

    def _trust(self) -> ssl.SSLContext:
        if self._trusted is None:
            self._trusted = ssl.create_default_context(cafile=self._pull.ca_file)
        return self._trusted


def secret_in(path: Path) -> str:
    """The one line of a file. Raises PullFailed where there is none."""
    try:
        found = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise PullFailed(f"the secret in {path} cannot be read: {type(fault).__name__}") from None
    if not found or not found.isprintable():
        raise PullFailed(f"the file {path} holds no secret: one line of printable letters is expected")
    return found


async def _body(answer: httpx.Response) -> bytes:
    if answer.is_redirect:
        raise PullFailed(f"HTTP {answer.status_code}: redirects are not followed, name the final address in the route")
    if answer.status_code == httpx.codes.NO_CONTENT:
        return b""
    if answer.status_code != httpx.codes.OK:
        raise PullFailed(f"HTTP {answer.status_code}: {_REMEDIES.get(answer.status_code, 'look after the other side')}")
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise PullFailed("the answer is packed, although it was asked for plain")
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > BODY_MAX:
            raise PullFailed(f"the answer is over {BODY_MAX} bytes: have it ask for less at a time")
    return bytes(body)


_REMEDIES = {
    401: "have a look at the token in token_file",
    403: "the token does not open this address",
    404: "have a look at the address in the route",
    429: "ask less often",
}
