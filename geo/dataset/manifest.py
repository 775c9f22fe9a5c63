"""The manifest of a dataset folder: what the folder holds, and what it was made from."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from geo.dataset.provenance import NOTICE, Provenance, Source
from geo.dataset.tables import SCHEMA_VERSION, SCHEMAS
from geo.errors import UnreadableInput

MANIFEST = "manifest.json"
DATA_FILE = re.compile(rf"({'|'.join(SCHEMAS)})-[0-9a-f]{{16}}\.parquet")

_FORMAT = "frontline map dataset"
_REMOVE = "remove it and build the dataset again"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a dataset, as its manifest names it."""

    name: str
    sha256: str
    size: int  # bytes
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a dataset folder holds and what it was made from."""

    files: Mapping[str, DataFile]  # by table: events, mentions, digests, texts
    sample: bool  # some digests were written for this project
    published: str | None  # newest publication date among the digests
    counts: Mapping[str, int]  # digests, sentences, mentions, reports, warnings
    verdicts: Mapping[str, int]  # mentions by what became of them: report, or the reason why not
    attribution: tuple[str, ...]  # lines to show: exactly the sources that the reports rest on
    provenance: Provenance
    digests: Mapping[str, str]  # SHA-256 of the bytes of each digest, by id
    basis: Mapping[str, Any]  # hashes of what the digests were read with (``geo.dataset.keeping.Basis``); may be empty


class OlderDataset(UnreadableInput):
    """A dataset of an older version of this program: a build into its folder replaces it."""


def read_manifest(folder: Path | str) -> Manifest:
    """Return the manifest of a dataset folder; raises ``UnreadableInput`` if there is none that can be read."""
    path = Path(folder) / MANIFEST
    says = said_by(path)
    if says["schema"] < SCHEMA_VERSION:
        problem = f"a dataset of version {says['schema']}, this program reads version {SCHEMA_VERSION}"
        raise OlderDataset(f"{path}: {problem}; build the digests again into this folder (`frontline build … --out`)")
    if says["schema"] > SCHEMA_VERSION:
        problem = f"a dataset of version {says['schema']}, this program knows versions up to {SCHEMA_VERSION}"
        raise UnreadableInput(f"{path}: {problem}; update the program, or remove the file and build the dataset again")
    with _damage_said(path):
        return _manifest_of(says)


def said_by(path: Path) -> dict[str, Any]:
    """Return what a manifest of any version says: that it is ours, its version and the names of its files are right."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        remedy = "name a folder that `frontline build` has written"
        raise UnreadableInput(f"{path}: no dataset can be read here ({error.strerror}); {remedy}") from error
    except ValueError as error:
        raise UnreadableInput(f"{path}: damaged ({error!r}); {_REMOVE}") from error
    with _damage_said(path):
        says: dict[str, Any] = json.loads(text)
        if says["format"] != _FORMAT:
            raise UnreadableInput(f"{path}: not the manifest of a dataset; move it away")
        if type(says["schema"]) is not int or any(not DATA_FILE.fullmatch(f["name"]) for f in says["files"].values()):
            raise ValueError("a file has a name that no build gives, or the version is no number")
        return says


@contextmanager
def _damage_said(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableInput(f"{path}: damaged ({error!r}); {_REMOVE}") from error


def _manifest_of(says: dict[str, Any]) -> Manifest:
    told = says["provenance"]
    sources = {key: Source(**row) for key, row in told["sources"].items()}
    outlines = {place_id: tuple(keys) for place_id, keys in told["outlines"].items()}
    files = {name: DataFile(**says["files"][name]) for name in SCHEMAS}
    known = {f.name: says[f.name] for f in fields(Manifest)}
    known |= {"files": files, "attribution": tuple(says["attribution"])}
    return Manifest(**known | {"provenance": Provenance(sources, outlines, told["inputs"], told.get("publication"))})


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the file; ``read_manifest`` gives the manifest back."""
    says = {"format": _FORMAT, "schema": SCHEMA_VERSION, "notice": NOTICE, **asdict(manifest)}
    return (json.dumps(says, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")
