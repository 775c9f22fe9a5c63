"""Annotated digests for the measures: where they are, what they hold, and the score that comes with them."""

import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


def evaluation_folder(arguments: Sequence[str]) -> Path | None:
    """The folder of annotated digests, named or beside the project; where there is none, say so."""
    folder = Path(arguments[0]) if arguments else ROOT.parent / "shared" / "evaluation"
    if (folder / "dev" / "gold.jsonl").is_file():
        return folder
    print(f"{folder}: no annotated digests there; the accuracy page of the README says what was measured last")
    return None


def annotated(folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each annotated digest: its annotation and its text."""
    for line in (folder / "dev" / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        yield gold, (folder / "dev" / "corpus" / gold["doc"]).read_bytes().decode("utf-8")


def module(path: Path) -> ModuleType:
    """The annotations' own ``score.py``, as a module."""
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
