"""Asks a running service how it is, over its own socket, as ``shouwang health`` and the container's health check do."""

import httpx

from shouwang.listening import address_of
from shouwang.settings import Settings


def probe(settings: Settings) -> tuple[list[str], bool]:
    """Lines for a person, and whether a critical alarm would be handled now."""
    file = settings.data / "service-token"
    if not settings.socket.exists() or not file.exists():
        return [f"The service does not run here ({settings.data}): start it with 'shouwang run'.  服务未运行。"], False
    transport = httpx.HTTPTransport(uds=address_of(settings.socket))
    try:
        with httpx.Client(transport=transport, timeout=3.0, trust_env=False) as client:
            answer = client.get(
                "http://front-door/internal/health",
                headers={"Authorization": f"Bearer {file.read_text(encoding='ascii').strip()}"},
            )
            answer.raise_for_status()
            body = answer.json()
    except httpx.HTTPError as fault:
        return [f"The chain does not answer ({fault}): see its log.  规则链无响应，请查看日志。"], False
    lines = [f"{'ok ' if check['ok'] else 'BAD'} {check['name']}: {check['zh']} / {check['en']}" for check in body["checks"]]
    lines.append("ready" if body["ready"] else "NOT READY")
    return lines, bool(body["ready"])
