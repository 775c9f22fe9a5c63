"""What of the last build still holds: the digests that the next build takes over instead of reading them again.

The rows of a digest follow from its bytes, its id, path and metadata, the encoding, the rulings on it, the code, the
gazetteer and the language packs that its reading asked; all but the packs make its key, and the packs are compared one
by one.  Nobody works out what a changed gazetteer or a changed line of code can affect: every digest is read again.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import shapely

from geo import languages
from geo.dataset.store import Dataset, load_dataset
from geo.dataset.tables import OF_DIGESTS, SCHEMA_VERSION, Tables, of_digests
from geo.errors import UnreadableInput
from geo.paths import files_hash
from geo.reference.gazetteer import Gazetteer

_PROGRAM = Path(__file__).resolve().parent.parent
_PACKS = _PROGRAM / "languages"
_SHOWS = ("view", "commands", "curation", "_bundled")  # folders of the program whose code reads no digest


@dataclass(frozen=True, slots=True)
class Basis:
    """What the digests of a build are read with, as hashes; the manifest keeps it."""

    code: str  # of the program without its packs, of the Python that runs it and of what draws outlines
    gazetteer: str  # of the curated files, and of the index that is compiled from them
    recognition: str  # of what tells the language of a text: all packs have a say in it
    packs: Mapping[str, str]  # by language

    def as_dict(self) -> dict[str, Any]:
        """Return the hashes for the manifest."""
        return asdict(self)


def basis_of(gazetteer: Gazetteer) -> Basis:
    """Return the basis of a build that begins now."""
    packs = {code: languages.FOLDER / f"{code}.toml" for code in languages.codes()}
    marks = [(m.code, sorted(m.stopwords), sorted(m.strangers)) for m in languages.recognition()]
    return Basis(
        code=_code_hash(),
        gazetteer=f"{_curated_hash(gazetteer.folder)}-{gazetteer.hash}",
        recognition=_hash(marks),
        packs={code: files_hash([path], languages.FOLDER) for code, path in packs.items()},
    )


def key_of(basis: Basis, digest_sha256: str, **facts: Any) -> str:
    """Return the hash of all that decides the rows of a digest, but for the packs; ``facts`` are for JSON."""
    return _hash([SCHEMA_VERSION, basis.code, basis.gazetteer, basis.recognition, digest_sha256, facts])


def last_build(folder: Path) -> tuple[Dataset | None, tuple[str, ...]]:
    """Return the dataset in a folder, if there is one to take rows from, and what is wrong with it."""
    if not (folder / "manifest.json").exists():
        return None, ()
    try:
        return load_dataset(folder), ()
    except UnreadableInput as error:
        return None, (f"{error}; every digest was read again",)


def still_holding(last: Dataset, keys: Mapping[str, str], basis: Basis, ruled: Callable[[str, str], str]) -> set[str]:
    """Return the digests of ``keys`` (by id) that the last build read just as this one would.

    ``ruled`` makes the whole key out of one of ``keys`` and the hash of the text, which rulings are about.
    """
    then = last.manifest.basis.get("packs", {})
    unchanged = {code for code, known in basis.packs.items() if then.get(code) == known}
    rows = last.table("digests").select(["digest", "key", "packs", "text_sha256"]).to_pylist()
    return {
        row["digest"]
        for row in rows
        if row["digest"] in keys
        and row["key"] == ruled(keys[row["digest"]], row["text_sha256"])
        and unchanged.issuperset(row["packs"])
    }


def rows_of(last: Dataset, digests: set[str]) -> Tables:
    """Return the rows of these digests in the tables of the last build."""
    return of_digests({name: last.table(name) for name in OF_DIGESTS}, digests)


def _curated_hash(folder: Path) -> str:
    """Return a hash of all curated files: unlike ``Gazetteer.hash`` it knows the outlines."""
    return files_hash([path for kind in ("*.csv", "*.toml", "*.geojson") for path in folder.rglob(kind)], folder)


def _code_hash() -> str:
    files = [path for kind in ("*.py", "*.toml") for path in _PROGRAM.rglob(kind) if _reads_digests(path)]
    versions = [*sys.version_info[:2], shapely.__version__, shapely.geos_version_string]
    return _hash([files_hash(files, _PROGRAM), versions])


def _reads_digests(path: Path) -> bool:
    below = path.relative_to(_PROGRAM).parts
    is_pack = path.parent == _PACKS and path.suffix == ".toml"
    return below[0] not in _SHOWS and not is_pack


def _hash(facts: Any) -> str:
    told = json.dumps(facts, ensure_ascii=True, sort_keys=True, default=_plain)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else asdict(value)
