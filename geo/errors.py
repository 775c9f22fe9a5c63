"""What can go wrong, as a caller can act on it.

    GeoError
    ├── UnreadableInput    a digest, a metadata file or a dataset could not be read
    ├── BrokenCuratedData  a row, a pack or an outline breaks a promise; says file and line
    ├── UnwritableOutput   a folder or file could not be written
    ├── LostWorker         a process that was given a part of the work has died
    └── WrongUse           arguments that make no sense together

Each message says where, what is wrong, and what to do.
"""


class GeoError(Exception):
    """Base of every error that this package raises on purpose."""


class UnreadableInput(GeoError):
    """An input that could not be read; the other inputs are not affected."""


class BrokenCuratedData(GeoError):
    """Curated data (gazetteer, language packs, kinds) that breaks a promise."""


class UnwritableOutput(GeoError):
    """An output that could not be written; what was there before is still there."""


class LostWorker(GeoError):
    """A process that read a part of the digests has died; what was written before is still there."""


class WrongUse(GeoError):
    """A call or a command line that makes no sense as given."""
