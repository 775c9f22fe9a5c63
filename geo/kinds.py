"""The kinds of events and their families: ``kinds.toml`` as records."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("kinds.toml")
SCHEMES = ("acled", "ucdp", "viina")


@dataclass(frozen=True)
class Kind:
    """One kind of event; ``noun`` opens a summary, ``colour`` is its family's.

    ``told_as`` are kinds by which another digest may tell the same event.
    """

    key: str
    label: str
    noun: str
    meaning: str
    family: str
    family_label: str
    colour: str
    shape: str
    acled: tuple[Mapping[str, Any], ...]  # rows of the crosswalk, the first whose `when` holds counts
    ucdp: tuple[Mapping[str, Any], ...]
    viina: tuple[Mapping[str, Any], ...]
    told_as: tuple[str, ...]


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by its key, in the order of the file."""
    families = _file()["families"]
    return {
        key: Kind(
            key=key,
            family_label=families[block["family"]]["label"],
            colour=families[block["family"]]["colour"],
            **block | {scheme: tuple(block.get(scheme, ())) for scheme in (*SCHEMES, "told_as")},
        )
        for key, block in _file()["kinds"].items()
    }


def crosswalk() -> dict[str, Any]:
    """Return what the crosswalk says of every kind: codes of precision, dates, countries and sides."""
    told: dict[str, Any] = _file()["crosswalk"]
    return told


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
