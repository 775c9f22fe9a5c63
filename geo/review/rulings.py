"""The file of rulings: decisions of people about reports, one a line, to which lines are only ever added.

A ruling is about a span of a text, not about the id of a report: it holds however the program reads the text later.
The last ruling of an aspect (whether the report stands, its place, its date, …) counts; ``withdraw`` takes back all
earlier ones on its span. What was decided before stays in the file.

Two decisions are about a pair of reports of different digests: whether they tell the ``same`` event or are to be kept
``apart``. They change no report, only which story it belongs to, and the last on a pair counts, from whichever end.
"""

import csv
import hashlib
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

from geo.errors import BrokenCuratedData, UnreadableInput, UnwritableOutput, WrongUse
from geo.kinds import kinds

if sys.platform != "win32":
    import fcntl

DEFAULT = Path("data") / "rulings.csv"  # below the current folder
# In the order in which they are applied: what a report is made of, what it says, whether it stands.
DECISIONS = ("split", "merge", "kind", "date", "place", "accept", "reject", "withdraw", "same", "apart")
PAIRED = ("same", "apart")
REJECTED = "rejected"  # verdict of the mentions of a report that a person rejected
RULED = "ruled"  # decision about the place of a mention that a person moved, and basis of a date that a person gave
_ASPECTS = {"accept": "stands", "reject": "stands"}  # each of the others is its own
_HASH = re.compile(r"[0-9a-f]{64}")
_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_PLACE = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_SPAN = re.compile(r"(\d+)-(\d+)")
_SPOT = re.compile(r"([0-9a-f]{64}):(\d+)-(\d+)")

Spot = tuple[str, int, int]  # hash of the text, span of the mention


def spot_words(spot: Spot) -> str:
    """Return a spot as the value of a ruling on a pair has it: ``SHA-256:start-end``."""
    text, start, end = spot
    return f"{text}:{start}-{end}"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision; ``when`` comes last, so that a line that was cut off shows."""

    digest: str  # SHA-256 of the text
    start: int  # of the mention, in code points of the text
    end: int
    decision: str
    value: str  # place: its id · date: a day, or two with "/" · kind: its key · merge: "start-end" of the other mention
    # same, apart: "SHA-256:start-end" of the other text and mention
    who: str
    why: str
    when: str  # 2024-11-01T12:00:00Z

    @property
    def span(self) -> tuple[int, int]:
        """Return the span of the mention that it is about."""
        return self.start, self.end

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day of a date."""
        first, _, last = self.value.partition("/")
        return date.fromisoformat(first), date.fromisoformat(last or first)

    @property
    def other(self) -> tuple[int, int]:
        """Return the span of the mention whose report is merged into this one's."""
        start, _, end = self.value.partition("-")
        return int(start), int(end)

    @property
    def spot(self) -> Spot:
        """Return the text and the mention that it is about."""
        return self.digest, self.start, self.end

    @property
    def pair(self) -> frozenset[Spot]:
        """Return the two mentions that a ruling about a pair is about; for other rulings its own alone."""
        found = _SPOT.fullmatch(self.value) if self.decision in PAIRED else None
        return frozenset({self.spot, (found[1], int(found[2]), int(found[3]))} if found else {self.spot})

    @property
    def words(self) -> str:
        """Return the decision for a person to read: ``place donetsk.vuhledar``; of a hash only its beginning."""
        return f"{self.decision} {_SPOT.sub(lambda m: f'{m[1][:12]}…:{m[2]}-{m[3]}', self.value)}".strip()


COLUMNS = tuple(f.name for f in fields(Ruling))


@dataclass(frozen=True, slots=True)
class Rulings:
    """A file of rulings as read."""

    history: tuple[Ruling, ...] = ()  # all, oldest first
    warnings: tuple[str, ...] = ()
    path: Path | None = None
    sha256: str = ""

    def on(self, text_sha256: str) -> tuple[Ruling, ...]:
        """Return the rulings on a text that count, in the order in which they are applied."""
        return in_effect(ruling for ruling in self.history if ruling.digest == text_sha256)

    def pairs(self) -> tuple[Ruling, ...]:
        """Return the rulings on pairs of reports that count, oldest first."""
        return pairs_in_effect(self.history)

    def texts(self) -> list[str]:
        """Return the hash of each text on which a ruling counts that is not about a pair."""
        return [text for text in sorted({ruling.digest for ruling in self.history}) if self.on(text)]


NO_RULINGS = Rulings()


def in_effect(history: Iterable[Ruling]) -> tuple[Ruling, ...]:
    """Return the rulings of one text that count, in the order in which they are applied; none is about a pair."""
    last: dict[tuple[int, int, str], Ruling] = {}
    for ruling in history:
        if ruling.decision == "withdraw":
            last = {key: known for key, known in last.items() if known.span != ruling.span}
        elif ruling.decision not in PAIRED:
            last[(*ruling.span, _ASPECTS.get(ruling.decision, ruling.decision))] = ruling
    return tuple(sorted(last.values(), key=lambda r: (DECISIONS.index(r.decision), r.start, r.end)))


def pairs_in_effect(history: Iterable[Ruling]) -> tuple[Ruling, ...]:
    """Return the rulings on pairs of reports that count, oldest first; a withdrawal at either end takes one back."""
    last: dict[frozenset[Spot], Ruling] = {}
    for ruling in history:
        if ruling.decision == "withdraw":
            last = {pair: known for pair, known in last.items() if ruling.spot not in pair}
        elif ruling.decision in PAIRED:
            last.pop(ruling.pair, None)
            last[ruling.pair] = ruling
    return tuple(last.values())


def undoing(history: Sequence[Ruling], gone: Ruling, *, who: str, why: str) -> tuple[Ruling, ...]:
    """Return what to add to a file as if one of its rulings had never been made: a withdrawal, then the rest."""
    left = [r for r in history if r is not gone]
    others = *in_effect(r for r in left if r.digest == gone.digest), *pairs_in_effect(left)
    withdrawn = ruling(gone.digest, gone.span, "withdraw", who=who, why=why)
    return withdrawn, *(replace(r, when=withdrawn.when) for r in others if gone.spot in r.pair)


def hash_of(rulings: Iterable[Ruling]) -> str:
    """Return a hash of rulings that count, or nothing if there are none."""
    rows = [astuple(ruling) for ruling in rulings]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16] if rows else ""


# --- one ruling ------------------------------------------------------------------------------------------------------


def ruling(digest: str, span: tuple[int, int], decision: str, value: str = "", *, who: str, why: str) -> Ruling:
    """Return a ruling that is made now; raises ``WrongUse`` if it makes no sense."""
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    made = Ruling(digest, *span, decision, value.strip(), _one_line(who), _one_line(why), when)
    if fault := _fault(made):
        raise WrongUse(": ".join(fault))
    return made


def _one_line(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _fault(made: Ruling) -> tuple[str, str] | None:
    """Return what is wrong with a ruling and what to do, or None."""
    if not _HASH.fullmatch(made.digest):
        return "digest is no SHA-256 of a text", "copy it from text_sha256 of the report"
    if not 0 <= made.start < made.end:
        return f"{made.start}-{made.end} is no span", "copy it from mention_start and mention_end of the report"
    if made.decision not in DECISIONS:
        return f"decision is {made.decision!r}", f"write one of {', '.join(DECISIONS)}"
    if not made.who.strip() or not made.why.strip():
        return "a ruling needs who decided and why", "fill in who and why"
    if not _WHEN.fullmatch(made.when):
        return f"when is {made.when!r}", "write it as 2024-11-01T12:00:00Z"
    return _fault_of_value(made)


def _fault_of_value(made: Ruling) -> tuple[str, str] | None:
    value = made.value
    if made.decision == "place":
        return None if _PLACE.fullmatch(value) else (f"{value!r} is no place id", "`frontline where NAME` gives ids")
    if made.decision == "kind":
        return None if value in kinds() else (f"{value!r} is no kind", f"write one of {', '.join(kinds())}")
    if made.decision == "date":
        with suppress(ValueError):
            if made.days[0] <= made.days[1]:
                return None
        return f"{value!r} is no date", "write 2024-11-01, or 2024-11-01/2024-11-03 for first and last day"
    if made.decision in PAIRED:
        if not _SPOT.fullmatch(value):
            return f"{value!r} is no mention of a text", "write SHA-256:start-end of the other report"
        if all(text == made.digest for text, _, _ in made.pair):
            return "both reports are of one digest, which tells no event twice", "merge them, or leave them as they are"
    elif made.decision == "merge":
        return None if _SPAN.fullmatch(value) else (f"{value!r} is no span", "write start-end of the other mention")
    elif value:
        return f"{made.decision} takes no value, but there is {value!r}", "leave it empty"
    return None


# --- the file --------------------------------------------------------------------------------------------------------


def in_use(named: Path | None) -> Path | None:
    """Return the file of rulings: the one that is named, or ``data/rulings.csv`` below the current folder if there."""
    return named or (DEFAULT if DEFAULT.is_file() else None)


def read_rulings(path: Path | None) -> Rulings:
    """Read a file of rulings; None stands for the one in use (``in_use``), if any.

    A last line that was cut off is left out and said in ``warnings``. Raises ``UnreadableInput`` if the file cannot be
    read and ``BrokenCuratedData`` if a line makes no sense.
    """
    path = in_use(path)
    if path is None:
        return NO_RULINGS
    try:
        with path.open("rb") as file, _locked(file.fileno(), exclusive=False):
            content = file.read()
    except OSError as error:
        remedy = "name a file of rulings, or make one with `frontline rule`"
        raise UnreadableInput(f"{path}: it cannot be read ({error.strerror}); {remedy}") from error
    whole, cut = _whole_lines(content)
    told = f"{path}: the last line was cut off ({cut!r:.80}) and does not count; the next ruling sets it aside"
    sha256 = hashlib.sha256(content).hexdigest()
    return Rulings(tuple(_parsed(whole, path)), (told,) * bool(cut), path, sha256)


def append(path: Path, *made: Ruling) -> tuple[str, ...]:
    """Add rulings at the end of a file, which is made if there is none, and wait until they are on the disk.

    Whoever else writes at the same time waits. A last line that was cut off is moved to ``<name>.cut`` beside the file,
    and what is returned says so. Raises ``UnwritableOutput`` if the file cannot be written and ``BrokenCuratedData`` if
    it holds something else.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file, _locked(file.fileno(), exclusive=True):
            file.seek(0)
            content = file.read()
            whole, cut = _whole_lines(content)
            list(_parsed(whole, path))  # nothing is added to what is broken or not ours
            if cut:
                _set_aside(path.with_name(f"{path.name}.cut"), cut)
                file.truncate(len(whole))
            ends = b"" if not whole or whole.endswith(b"\n") else b"\n"
            header = [] if whole else [COLUMNS]
            file.write(ends + _lines([*header, *(astuple(ruling) for ruling in made)]))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        remedy = "choose a file that you may write to (--rulings FILE)"
        raise UnwritableOutput(f"{path}: the ruling cannot be written ({error.strerror}); {remedy}") from error
    return (f"{path}: the last line was cut off; it is now in {path.name}.cut",) if cut else ()


@contextmanager
def _locked(handle: int, *, exclusive: bool) -> Iterator[None]:
    """Hold the file, where the system can lock; the lock goes with the process that holds it."""
    if sys.platform != "win32":
        with suppress(OSError):  # some network file systems cannot lock
            fcntl.flock(handle, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
    try:
        yield
    finally:
        if sys.platform != "win32":
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_UN)


def _whole_lines(content: bytes) -> tuple[bytes, bytes]:
    """Tell a last line that was cut off from what stands before it; one that only lacks its end is whole."""
    whole, end, last = content.rpartition(b"\n")
    if not last:
        return content, b""
    with suppress(UnicodeDecodeError, BrokenCuratedData):
        list(_parsed(last if end else content, Path(), headed=not end))
        return content, b""
    return whole + end, last


def _parsed(content: bytes, path: Path, *, headed: bool | None = None) -> Iterator[Ruling]:
    def broken(line: int, what: str, todo: str) -> BrokenCuratedData:
        return BrokenCuratedData(f"{path}:{line}: {what}; {todo}")

    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise broken(line, "this is no UTF-8", "save the file as UTF-8") from error
    rows = csv.reader(io.StringIO(text, newline=""))
    if headed is not False and content and tuple(next(rows, ())) != COLUMNS:
        raise broken(1, "this is no file of rulings", f"its first line has to be {','.join(COLUMNS)}")
    for row in rows:
        if not row:
            continue
        if len(row) != len(COLUMNS):
            raise broken(rows.line_num, f"{len(row)} cells instead of {len(COLUMNS)}", f"write {','.join(COLUMNS)}")
        digest, start, end, *rest = row
        if not (start.isdecimal() and end.isdecimal()):
            raise broken(rows.line_num, f"{start!r} to {end!r} is no span", "write two whole numbers")
        made = Ruling(digest, int(start), int(end), *rest)
        if fault := _fault(made):
            raise broken(rows.line_num, *fault)
        yield made


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode()


def _set_aside(path: Path, cut: bytes) -> None:
    with path.open("ab") as file:
        file.write(cut + b"\n")
        file.flush()
        os.fsync(file.fileno())
