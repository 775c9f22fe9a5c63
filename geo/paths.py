"""Where the files that travel with the package are, installed or in a checkout."""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """Path of ``gazetteer``, ``data/digests`` or ``app.py``: in the wheel, or else at the top of the checkout."""
    installed = _PACKAGE / "_bundled" / name
    return installed if installed.exists() else _PACKAGE.parent / name


def cache_folder() -> Path:
    """Folder for what can be rebuilt: ``FRONTLINE_CACHE``, or the user's cache folder.  Not created here."""
    if chosen := os.environ.get("FRONTLINE_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "frontline-map"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "frontline-map"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "frontline-map"


def files_hash(files: list[Path], root: Path) -> str:
    """Return a hash of the names (relative to ``root``) and bytes of ``files``, in sorted order."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
