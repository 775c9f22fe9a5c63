"""The kinds of events and their families: ``kinds.toml`` as records."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("kinds.toml")


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
    acled: str
    ucdp: str
    viina: str
    told_as: tuple[str, ...] = ()


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by its key, in the order of the file."""
    data: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    families = data["families"]
    return {
        key: Kind(
            key=key,
            family_label=families[block["family"]]["label"],
            colour=families[block["family"]]["colour"],
            **{**block, "told_as": tuple(block.get("told_as", ()))},
        )
        for key, block in data["kinds"].items()
    }
