"""Names of the neighbour's language by rule: "Сватово" of "Сватове", where no row says so."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _rules() -> dict[str, Any]:
    with Path(__file__).with_name("respelling.toml").open("rb") as file:
        return tomllib.load(file)


def respellings(name: str, language: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (language, label of the rule, spellings) of a name in ``language`` for each table that begins there."""
    for table in _rules().values():
        if table["from"] == language:
            yield table["to"], table["label"], []
