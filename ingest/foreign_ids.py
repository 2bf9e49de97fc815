"""Identities for what a source says more than once under one number: the same said again is the same event, and news is news."""

from hashlib import blake2b

_DIGEST_BYTES = 12


def foreign_id(source: str, *meaning: object) -> str:
    """An event's id out of what it says: equal meanings give the same id, any other another. ``source`` names the format."""
    content = "\n".join("" if each is None else str(each) for each in meaning)
    return f"{source}-{blake2b(content.encode('utf-8', 'replace'), digest_size=_DIGEST_BYTES).hexdigest()}"
