"""The curated tables of ``gazetteer/`` as places and names, as they stand: each row that is broken names its line."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from geo.errors import BrokenCuratedData, UnreadableInput
from geo.model import Name, Place
from geo.reference.names import plain

PLACE_COLUMNS = [
    "id",
    "name",
    "name_local",
    "kind",
    "parent",
    "raion",
    "hromada",
    "lat",
    "lon",
    "extent_km",
    "position",
    "accuracy_km",
    "katottg",
    "same_as",
    "source",
    "checked",
    "note",
]
NAME_COLUMNS = ["place", "name", "standing", "flags", "since", "until", "source", "checked"]
AXIS_COLUMNS = ["id", "name", "name_local", "lat", "lon", "radius_km", "through", "source", "note"]

_LOCAL_LANGUAGE = {"ukraine": "uk", "russia": "ru", "belarus": "be", "moldova": "ro"}


def source_files(folder: Path) -> list[Path]:
    """Return every file that an index of ``folder`` is made of; raises ``UnreadableInput`` if it is no gazetteer."""
    if not (folder / "regions.csv").is_file():
        raise UnreadableInput(f"{folder}: this is no gazetteer (it has no regions.csv); name a folder that holds one")
    return [p for pattern in ("*.csv", "*.toml", "*/*.csv") for p in sorted(folder.glob(pattern))]


def all_places(folder: Path) -> dict[str, Place]:
    """Read every place by its id; a row of ``places_osm/`` gives a position to an estimated one."""
    places: dict[str, Place] = {}
    files = [folder / "regions.csv", *sorted((folder / "places").glob("*.csv")), folder / "sites.csv"]
    for path in [*files, *sorted((folder / "places_osm").glob("*.csv"))]:
        for line, row in _csv_rows(path, PLACE_COLUMNS):
            place = _curated_place(path, line, row)
            known = places.get(place.id)
            if known is None:
                places[place.id] = place
            elif known.position == "estimated":
                places[place.id] = _with_position_of(known, place)
            else:
                raise BrokenCuratedData(
                    f"{path}:{line}: id {place.id!r} stands twice; give the second place its own id"
                )
    path = folder / "axes.csv"
    for line, row in _csv_rows(path, AXIS_COLUMNS):
        places[row["id"]] = _axis(path, line, row)
    return places


def curated_names(folder: Path, places: Mapping[str, Place]) -> Iterator[Name]:
    """Yield the names in the rows of places, then those of ``names/``."""
    for place in places.values():
        yield Name(place.id, place.name, "und", "standard", "name of the place row", place.source)
        if place.name_local:
            language = _local_language(place, places)
            yield Name(place.id, place.name_local, language, "standard", "local name", place.source)
    for path in sorted((folder / "names").glob("*.csv")):
        for line, row in _csv_rows(path, NAME_COLUMNS):
            if row["place"] not in places:
                raise BrokenCuratedData(f"{path}:{line}: {row['place']!r} is no place id; correct it or remove the row")
            yield _curated_name(row, path.stem)


def _curated_place(path: Path, line: int, row: dict[str, str]) -> Place:
    return Place(
        id=row["id"],
        name=row["name"],
        name_local=row["name_local"],
        kind=row["kind"],
        parent=row["parent"],
        raion=row["raion"],
        hromada=row["hromada"],
        lat=_number(path, line, row, "lat"),
        lon=_number(path, line, row, "lon"),
        extent_km=_number(path, line, row, "extent_km") or 0.0,
        position=row["position"],
        accuracy_km=_number(path, line, row, "accuracy_km") or 0.0,
        source=row["source"],
    )


def _with_position_of(place: Place, other: Place) -> Place:
    return replace(
        place,
        lat=other.lat,
        lon=other.lon,
        position=other.position,
        accuracy_km=other.accuracy_km,
        source=other.source,
    )


def _axis(path: Path, line: int, row: dict[str, str]) -> Place:
    return Place(
        id=row["id"],
        name=row["name"],
        name_local=row["name_local"],
        kind="axis",
        parent="",
        lat=_number(path, line, row, "lat"),
        lon=_number(path, line, row, "lon"),
        extent_km=_number(path, line, row, "radius_km") or 0.0,
        position="estimated",
        source=row["source"],
        through=tuple(row["through"].split()),
    )


def _number(path: Path, line: int, row: dict[str, str], column: str) -> float | None:
    try:
        return float(row[column]) if row[column] else None
    except ValueError:
        raise BrokenCuratedData(
            f"{path}:{line}: {column} is {row[column]!r}; write a number with a decimal point"
        ) from None


def _csv_rows(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a curated table with its line; a missing table is empty."""
    if not path.is_file():
        return
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            if header != columns:
                raise BrokenCuratedData(
                    f"{path}:1: the header is {','.join(header)!r}; it must be {','.join(columns)!r}"
                )
            for row in reader:
                if len(row) != len(columns):
                    counts = f"{len(row)} cells where {len(columns)} belong"
                    raise BrokenCuratedData(f"{path}:{reader.line_num}: {counts}; look for a stray comma")
                yield reader.line_num, dict(zip(columns, row, strict=True))
    except UnicodeDecodeError as error:
        raise BrokenCuratedData(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except csv.Error as error:
        raise BrokenCuratedData(f"{path}: {error}; save the file as plain CSV") from None


def _curated_name(row: dict[str, str], language: str) -> Name:
    years = f" ({row['since'] or '…'}-{row['until'] or '…'})" if row["since"] or row["until"] else ""
    return Name(
        place_id=row["place"],
        text=plain(row["name"]).text,
        language=language,
        standing=row["standing"],
        how=f"{row['standing']} name{years}",
        source=row["source"],
        flags=frozenset(row["flags"].split()),
    )


def _local_language(place: Place, places: Mapping[str, Place]) -> str:
    """Language of ``name_local``: the country's; Ukrainian for axes, seas and rivers, which lie in none."""
    in_none = place.kind != "country" and not place.parent
    while place.parent in places:
        place = places[place.parent]
    return _LOCAL_LANGUAGE.get(place.id, "uk" if in_none else "und")
