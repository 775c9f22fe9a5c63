"""What our server holds for browsers: files under a name that has the hash of their content, gzipped once.

So a browser may keep them for good. Nothing is held unless our own server runs.
"""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

ROUTE = "frontline"


class Offer(NamedTuple):
    """A file for browsers."""

    packed: bytes  # gzipped
    media_type: str
    lasting: bool = True


_PASSING = 64  # offers that are only for the moment: the oldest goes when another comes

_offers: dict[str, Offer] | None = None  # by name; None: nobody would answer for them


@contextmanager
def taken() -> Iterator[None]:
    """Take offers as long as our server runs."""
    global _offers
    _offers = {}
    try:
        yield
    finally:
        _offers = None


def offer(name: str, packed: bytes, media_type: str, *, lasting: bool = True) -> str | None:
    """Offer gzipped bytes to browsers and return their address, or None if this process is not ours to serve from.

    ``name`` gets the hash of the bytes before its suffix. What is not lasting goes when many others have come.
    """
    if _offers is None:
        return None
    stem, _, suffix = name.partition(".")
    hashed = f"{stem}-{hashlib.sha256(packed).hexdigest()[:16]}.{suffix}"
    if not lasting:
        _offers.pop(hashed, None)  # asked for again: it is the newest
        passing = [known for known, held in list(_offers.items()) if not held.lasting]
        for oldest in passing[: max(0, len(passing) - _PASSING + 1)]:
            _offers.pop(oldest, None)
    _offers[hashed] = Offer(packed, media_type, lasting)
    return f"{ROUTE}/{hashed}"


def offer_text(name: str, text: str, media_type: str) -> str | None:
    """Offer a script or a style sheet; like ``offer``."""
    return None if _offers is None else offer(name, gzip.compress(text.encode("utf-8"), mtime=0), media_type)


def offered(name: str) -> Offer | None:
    """Return what was offered under a name (without the route), or None."""
    return _offers.get(name) if _offers else None
