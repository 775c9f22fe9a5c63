"""What OpenStreetMap's geocoder knows of a name, as rows for ``places_osm/``: asked by a curator, never by a build.

Nominatim's usage policy (operations.osmfoundation.org/policies/nominatim) is kept: we say who asks, ask once a second
at most, and keep each answer in the cache folder.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from email.message import Message
from importlib.metadata import metadata
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, cast
from urllib.parse import urlsplit

from geo.curation.candidates import Candidates, csv_line, degrees
from geo.errors import GeoError, WrongUse
from geo.paths import cache_folder

NOMINATIM = "https://nominatim.openstreetmap.org"
SECONDS_APART = 1.0
CREDIT = "© OpenStreetMap contributors, ODbL 1.0"
# What OpenStreetMap calls a settlement; its towns are our settlements until the register says more.
KINDS = {
    "city": "city",
    "town": "settlement",
    "village": "village",
    "hamlet": "village",
    "isolated_dwelling": "village",
}
_LOCAL = {"ukraine": "name:uk", "russia": "name:ru"}


def user_agent(contact: str | None = None, about: Message | None = None) -> str:
    """Return who asks: program, version, and where a person can be reached, by ``contact`` or the package's metadata.

    Raises ``WrongUse`` if neither says where.
    """
    about = about or cast("Message", metadata("frontline-map"))
    urls = [str(line).partition(", ")[2] for line in about.get_all("Project-URL") or ()]
    reached = contact or next(iter(urls), None)
    if not reached:
        raise WrongUse("--online: Nominatim asks who is asking; say so with --contact you@example.org")
    return f"frontline-map/{about['Version']} ({reached})"


def ask(
    names: Sequence[str], *, agent: str, countries: Sequence[str] = (), around: tuple[float, float] | None = None,
    server: str = NOMINATIM,
) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    """Return the geocoder's answers for each name, from the cache where it was asked before.

    ``countries`` are two-letter codes, ``around`` a point (lat, lon) that nearby answers are preferred to. Raises
    ``GeoError`` if it cannot be reached.
    """
    from geopy.exc import GeopyError
    from geopy.extra.rate_limiter import RateLimiter
    from geopy.geocoders import Nominatim

    address = urlsplit(server)
    geocoder = Nominatim(user_agent=agent, domain=address.netloc + address.path.rstrip("/"), scheme=address.scheme)
    geocode = RateLimiter(geocoder.geocode, min_delay_seconds=SECONDS_APART, max_retries=0, swallow_exceptions=False)
    options: dict[str, Any] = {"exactly_one": False, "limit": 5, "addressdetails": True, "namedetails": True}
    options |= {"country_codes": list(countries) or None, "viewbox": _box(around)}
    folder = cache_folder() / "nominatim"
    answers: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        path = folder / f"{_hash([server, name, options])}.json"
        kept = _kept(path)
        if kept is None:
            _wait_for_turn(folder)
            try:
                kept = [found.raw for found in geocode(name, **options) or ()]
            except GeopyError as error:
                raise GeoError(f"{server}: the geocoder does not answer ({error}); try again later") from error
            _keep(path, kept)
        answers[name] = kept
    return answers


def _box(around: tuple[float, float] | None) -> list[tuple[float, float]] | None:
    return [(around[0] - 1, around[1] - 1.5), (around[0] + 1, around[1] + 1.5)] if around else None


def _hash(asked: Any) -> str:
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()[:24]


def _kept(path: Path) -> list[dict[str, Any]] | None:
    try:
        kept: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept


def _keep(path: Path, answer: list[dict[str, Any]]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as draft:
            json.dump(answer, draft, ensure_ascii=False)
        Path(draft.name).replace(path)
    except OSError:
        return  # asked again next time, as slowly


def _wait_for_turn(folder: Path) -> None:
    """Keep a second between the commands of one user too: the file's time is that of the last question."""
    last = folder / "last"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        apart = time.time() - last.stat().st_mtime if last.exists() else SECONDS_APART
        time.sleep(max(0.0, SECONDS_APART - max(apart, 0.0)))
        last.touch()
        os.utime(last)
    except OSError:
        time.sleep(SECONDS_APART)


# --- rows ------------------------------------------------------------------------------------------------------------


def rows(answers: Sequence[Mapping[str, Any]], candidates: Candidates) -> Iterator[tuple[str, str]]:
    """Yield a line for each answer: ("", why it gives no row), or (file, the row for it)."""
    for answer in answers:
        yield _row(answer, candidates)


def _row(answer: Mapping[str, Any], candidates: Candidates) -> tuple[str, str]:
    lat, lon = float(answer["lat"]), float(answer["lon"])
    shown = str(answer.get("display_name", ""))
    kind = KINDS.get(str(answer.get("addresstype") or answer.get("type")))
    region = candidates.region_at(lat, lon)
    if kind is None:
        return "", f"no settlement ({answer.get('type')}): {shown}"
    if not region:
        return "", f"in no region that has an outline: {shown}"
    spelled: Mapping[str, str] = answer.get("namedetails") or {}
    local = spelled.get(_LOCAL.get(candidates.country(region), "name")) or spelled.get("name") or str(answer["name"])
    local = local.replace("'", "’")
    same = f"osm:{answer['osm_type']}/{answer['osm_id']}"
    cells = {"lat": degrees(lat), "lon": degrees(lon), "same_as": same, "source": "osm"}
    file = f"places_osm/{region}.csv"
    for apart_km, known in candidates.namesakes([local], lat, lon):
        if known["position"] != "estimated":
            return "", f"{known['id']} stands there already, {apart_km:.1f} km away: {shown}"
        if known["parent"] == region:  # the one repetition that is allowed: it gives an estimated place its position
            return file, csv_line({**known.cells, **cells, "position": "unchecked", "accuracy_km": "2", "note": ""})
    latin = candidates.latin(region, local)
    row = candidates.propose(region, latin, local, kind, raion=candidates.raion_at(lat, lon), **cells)
    return file, csv_line(row)
