"""Built again, only what is new or changed is read; the dataset is the same, byte for byte, as if all had been read."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from test_architecture import FILE, imports

from geo import build as building
from geo import languages
from geo.build import build
from geo.dataset import keeping
from geo.dataset.store import load_dataset
from geo.reference.gazetteer import Gazetteer

SMALL = Path(__file__).resolve().parent / "gazetteer"
TEXTS = (
    "Day 982 of the war.\n• Russian troops captured Kurakhove, the Russian defence ministry said.\n",
    "Day 983 of the war. Fighting went on near Toretsk, Selydove and Pokrovsk; two people were killed.\n",
    (
        "Rangkuman hari ke-985 perang.\nDua orang tewas akibat serangan rudal di Kharkiv, kata Gubernur Kharkiv.\n"
        "Pasukan itu juga menyerang kota di wilayah tersebut pada hari Minggu, kata pejabat.\n"
    ),
    "За добу 3 листопада 2024 року ворог атакував Торецьк і Покровськ, повідомив Генштаб.\n",
    "Nothing happened here that names a place, said the people who were there on 5 November 2024.\n",
    "Am 4. November 2024 griffen russische Truppen Torezk an, teilte der Generalstab in Kiew mit.\n",
    "Day 984 of the war, 4 November 2024: fighting went on in Toretsk.\n",  # its dates do not agree
    "Journée du 4 novembre 2024 : des drones ont frappé Kharkiv, selon le gouverneur, deux morts.\n",
)


@pytest.fixture(scope="module")
def small() -> Gazetteer:
    """The small gazetteer of the tests."""
    return Gazetteer.load(SMALL)


@pytest.fixture
def digests(tmp_path: Path) -> Path:
    """A digest of each text."""
    root = tmp_path / "digests"
    root.mkdir()
    for number, text in enumerate(TEXTS):
        (root / f"{number}.txt").write_text(text)
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def built(digests: Path, tmp_path: Path, gazetteer: Gazetteer, **how) -> tuple[int, int]:
    """Build into ``out``, hold it against a full build, and return how many digests were read and kept."""
    summary = build([digests], tmp_path / "out", gazetteer=gazetteer, **how)
    shutil.rmtree(tmp_path / "full", ignore_errors=True)
    full = build([digests], tmp_path / "full", gazetteer=gazetteer, **how)
    assert contents(tmp_path / "out") == contents(tmp_path / "full")
    told, wanted = summary.as_dict(), full.as_dict()
    assert {k: v for k, v in told.items() if k not in ("read", "kept")} == {
        k: v for k, v in wanted.items() if k not in ("read", "kept")
    }
    return summary.read, summary.kept


# --- what is read again ----------------------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_read_again(digests, tmp_path, small):
    """One changed, one new, one gone, one with another name: the others keep their rows and their warnings."""
    assert built(digests, tmp_path, small) == (8, 0)
    assert built(digests, tmp_path, small) == (0, 8)

    (digests / "0.txt").write_text(TEXTS[0].replace("Kurakhove", "Pokrovsk"))
    (digests / "new.txt").write_text(TEXTS[1] + "Nothing else happened.\n")
    (digests / "2.txt").unlink()
    (digests / "3.txt").rename(digests / "three.txt")

    assert built(digests, tmp_path, small) == (3, 5)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_repeats_a_kept_digest_is_not_read_again(digests, tmp_path, small, monkeypatch, jobs):
    """Neither an old repeat nor a new one; what comes before the kept digest is read, and takes its place."""
    monkeypatch.setattr(building, "FILES_FOR_A_POOL", 1)
    (digests / "0-again.txt").write_text(TEXTS[0])
    (digests / "1-again.txt").write_text(TEXTS[1])

    assert built(digests, tmp_path, small, jobs=jobs) == (10, 0)
    assert built(digests, tmp_path, small, jobs=jobs) == (0, 8)

    (digests / "2-again.txt").write_text(TEXTS[2])
    (digests / "index.csv").write_text("file,language,outlet,url,published\n3-first.txt,uk,Wire,,2024-11-01\n")
    (digests / "3-first.txt").write_text(TEXTS[3])
    assert built(digests, tmp_path, small, jobs=jobs) == (1, 8)
    assert built(digests, tmp_path, small, jobs=jobs) == (0, 8)

    (digests / "0.txt").unlink()
    (digests / "1.txt").write_text(TEXTS[1] + "Nothing else happened.\n")
    assert built(digests, tmp_path, small, jobs=jobs) == (3, 6)


def test_the_text_of_a_repeat_is_looked_at_and_no_more(digests, tmp_path, small, monkeypatch):
    """Places are looked for in no digest of the second build."""
    (digests / "0-again.txt").write_text(TEXTS[0])
    whole = build([digests], tmp_path / "out", gazetteer=small)
    read: list[str] = []
    monkeypatch.setattr(building, "read", lambda digest, _: read.append(digest.id))

    again = build([digests], tmp_path / "out", gazetteer=small)
    assert (read, again.digests, again.warnings) == ([], whole.digests, whole.warnings)


def test_all_reads_everything_again(digests, tmp_path, small):
    """By wish."""
    built(digests, tmp_path, small)

    assert built(digests, tmp_path, small, read_all=True) == (8, 0)


def test_a_changed_line_of_the_index_is_a_change_of_its_digest_alone(digests, tmp_path, small):
    """Outlet, link and day stand in the rows."""
    header = "file,language,outlet,url,published\n"
    (digests / "index.csv").write_text(header + "0.txt,en,Wire,,2024-11-03\n1.txt,en,Wire,,2024-11-03\n")
    built(digests, tmp_path, small)
    (digests / "index.csv").write_text(header + "0.txt,en,Wire,,2024-11-03\n1.txt,en,Wire,,2024-11-04\n")

    assert built(digests, tmp_path, small) == (1, 7)


def test_another_encoding_reads_everything_again(digests, tmp_path, small):
    """The same bytes are another text."""
    built(digests, tmp_path, small)

    assert built(digests, tmp_path, small, encoding="cp1251")[1] == 0


def test_another_path_below_the_same_id_is_read_again(digests, tmp_path, small):
    """The digests table says which file it was."""
    built(digests, tmp_path, small)
    (digests / "0.txt").rename(digests / "0.md")

    assert built(digests, tmp_path, small) == (1, 7)


def test_any_change_of_the_gazetteer_reads_everything_again(digests, tmp_path, small):
    """Also of an outline, and of a file that no digest names a place of: nobody proves what it cannot affect."""
    built(digests, tmp_path, small)
    places = min((SMALL / "names").glob("*.csv")).read_text().splitlines()
    changes = {
        "names/eo.csv": f"{places[0]}\n{places[1].split(',')[0]},Nenie,variant,,,,curated,\n",
        "outlines/more.geojson": '{"type": "FeatureCollection", "features": []}',
        "theatre.toml": "\n# a remark\n",
    }
    for change, words in changes.items():
        folder = tmp_path / change.replace("/", "-")
        shutil.copytree(SMALL, folder)
        (folder / change).parent.mkdir(exist_ok=True)
        with (folder / change).open("a") as file:
            file.write(words)
        assert built(digests, tmp_path, Gazetteer.load(folder)) == (8, 0)


def test_any_change_of_the_code_reads_everything_again(digests, tmp_path, small, monkeypatch):
    """The hash is of every file that reads digests; that it is of these is the test below."""
    built(digests, tmp_path, small)
    monkeypatch.setattr(keeping, "_code_hash", lambda: "another")

    assert built(digests, tmp_path, small) == (8, 0)


def test_the_hash_of_the_code_covers_every_module_that_makes_rows():
    """What building imports, at whatever depth, is no module that the hash leaves out."""
    reached, left = set(), {"build"}
    while left:
        current = left.pop()
        reached.add(current)
        left |= imports(FILE[current], deferred=True) - reached

    hashed = {module for module, path in FILE.items() if keeping._reads_digests(path)}
    assert reached <= hashed
    assert {"events", "dataset.tables", "text.digests"} <= reached


# --- language packs --------------------------------------------------------------------------------------------------


@contextmanager
def changed_pack(code: str, folder: Path, old: str, new: str) -> Iterator[None]:
    """Let one pack say something else, for this process; the packs are read anew before and after."""
    shutil.copytree(languages.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    told = (folder / f"{code}.toml").read_text(encoding="utf-8")
    assert old in told
    (folder / f"{code}.toml").write_text(told.replace(old, new, 1), encoding="utf-8")
    caches = (languages.codes, languages.recognition, languages._read)
    home = languages.FOLDER
    reading, asking = languages._read, languages.pack
    try:
        languages.FOLDER = folder
        asking.__defaults__ = (folder,)
        for cached in caches:
            cached.cache_clear()
        yield
    finally:
        languages.FOLDER = home
        asking.__defaults__ = (home,)
        for cached in caches:
            cached.cache_clear()
    assert reading is languages._read


def test_a_changed_pack_reads_its_digests_again(digests, tmp_path, small):
    """Only the one that stands in Indonesian, when a name is made an ordinary word of Indonesian."""
    built(digests, tmp_path, small)
    before = set(load_dataset(tmp_path / "out").events["digest"])

    with changed_pack("id", tmp_path / "packs", "[stop_places]\nwords = [", '[stop_places]\nwords = ["Kharkiv", '):
        assert built(digests, tmp_path, small) == (1, 7)
        after = set(load_dataset(tmp_path / "out").events["digest"])

    assert before - after == {"2"}


def test_a_digest_in_two_languages_is_read_again_for_either(tmp_path, small):
    """A Ukrainian post quoted in a Russian digest makes it one that the Ukrainian pack has a say in."""
    digests = tmp_path / "digests"
    digests.mkdir()
    russian = "3 ноября 2024 года были бои у Торецка и Покровска, сообщил Генштаб. Это была тяжёлая ночь.\n"
    ukrainian = "Ворог атакував Покровськ ракетами, є загиблі, повідомили в ОВА.\n"
    (digests / "both.txt").write_text(russian + ukrainian)
    (digests / "one.txt").write_text(russian)
    built(digests, tmp_path, small)
    packs = load_dataset(tmp_path / "out").digests.set_index("digest")["packs"]
    assert (packs["both"], packs["one"]) == (["ru", "uk"], ["ru"])

    with changed_pack("uk", tmp_path / "packs", "[stop_places]", "# another\n[stop_places]"):
        assert built(digests, tmp_path, small) == (1, 1)


def test_a_sentence_in_another_latin_language_depends_on_all_of_them(tmp_path, small):
    """Which language it is in was decided by holding it against each pack."""
    digests = tmp_path / "digests"
    digests.mkdir()
    english = "Day 983 of the war. Fighting went on near Toretsk and two people were killed, the governor said.\n"
    german = "Russische Truppen griffen Pokrowsk mit Drohnen an, teilte der Generalstab mit.\n"
    (digests / "both.txt").write_text(english + german)
    (digests / "one.txt").write_text(english)
    built(digests, tmp_path, small)

    with changed_pack("pl", tmp_path / "packs", "[stop_places]", "# another\n[stop_places]"):
        assert built(digests, tmp_path, small) == (1, 1)


def test_what_tells_languages_apart_concerns_every_digest(digests, tmp_path, small):
    """A frequent word more in one pack may make any text one of that language."""
    built(digests, tmp_path, small)

    with changed_pack("de", tmp_path / "packs", "stopwords = [", 'stopwords = ["xyzzy", '):
        assert built(digests, tmp_path, small) == (8, 0)


# --- a last build that is no help ------------------------------------------------------------------------------------


def test_a_damaged_table_is_said_and_everything_is_read(digests, tmp_path, small):
    """The new dataset is whole."""
    built(digests, tmp_path, small)
    for name in ("events", "mentions", "digests"):
        path = tmp_path / "out" / load_dataset(tmp_path / "out").manifest.files[name].name
        path.write_bytes(path.read_bytes()[:-9] + b"damaged!!")
        summary = build([digests], tmp_path / "out", gazetteer=small)

        assert (summary.read, summary.kept) == (8, 0)
        assert [w for w in summary.warnings if path.name in w and "every digest was read again" in w]
        assert contents(tmp_path / "out") == contents(tmp_path / "full")


def test_a_dataset_of_an_older_version_is_built_anew(digests, tmp_path, small):
    """With a warning that says so."""
    built(digests, tmp_path, small)
    manifest = tmp_path / "out" / "manifest.json"
    says = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**says, "schema": 1, "files": {**says["files"], "texts": says["files"]["events"]}}))

    summary = build([digests], tmp_path / "out", gazetteer=small)

    assert (summary.read, summary.kept) == (8, 0)
    assert "version 1" in " ".join(summary.warnings)
    assert contents(tmp_path / "out") == contents(tmp_path / "full")


def test_a_digest_that_cannot_be_read_any_more_is_not_kept(digests, tmp_path, small):
    """A full build would not have it either."""
    built(digests, tmp_path, small, encoding="utf-8")
    (digests / "1.txt").write_bytes(b"Fighting \xff near Toretsk")

    assert built(digests, tmp_path, small, encoding="utf-8") == (0, 7)
    assert "1" not in set(load_dataset(tmp_path / "out").digests["digest"])


# --- any sequence of changes -----------------------------------------------------------------------------------------

NAMES = st.sampled_from(["a.txt", "b.md", "deep/c.txt", "deep/d.txt", "e.txt", "f~g.txt"])


class Newsroom(RuleBasedStateMachine):
    """Digests come, change, go and are renamed; some builds are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.due = False

    @initialize()
    def begin(self) -> None:
        """An empty folder."""
        self.folder = Path(_room.mktemp("newsroom"))
        (self.folder / "digests").mkdir()
        self.gazetteer = Gazetteer.load(SMALL)

    def _write(self, name: str, text: str) -> None:
        path = self.folder / "digests" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.due = True

    @rule(name=NAMES, text=st.sampled_from(TEXTS))
    def write(self, name: str, text: str) -> None:
        """A digest comes or changes."""
        self.texts[name] = text
        self._write(name, text)

    @rule(lot=st.randoms(use_true_random=False))
    def remove(self, lot: Random) -> None:
        """One goes."""
        if self.texts:
            name = lot.choice(sorted(self.texts))
            del self.texts[name]
            (self.folder / "digests" / name).unlink()
            self.due = True

    @rule(lot=st.randoms(use_true_random=False), name=NAMES)
    def rename(self, lot: Random, name: str) -> None:
        """One gets another name."""
        if self.texts and name not in self.texts:
            old = lot.choice(sorted(self.texts))
            self.texts[name] = self.texts.pop(old)
            (self.folder / "digests" / old).unlink()
            self._write(name, self.texts[name])

    @rule()
    def build(self) -> None:
        """The next build."""
        built(self.folder / "digests", self.folder, self.gazetteer)
        self.due = False

    @invariant()
    def texts_are_there(self) -> None:
        """What was written can be read."""
        for name, text in self.texts.items():
            assert (self.folder / "digests" / name).read_text() == text

    def teardown(self) -> None:
        """The last build."""
        if self.due:
            self.build()
        shutil.rmtree(self.folder, ignore_errors=True)


_room: pytest.TempPathFactory


@pytest.fixture(scope="module", autouse=True)
def room(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give the newsrooms a place."""
    global _room
    _room = tmp_path_factory


Newsroom.TestCase.settings = settings(max_examples=12, stateful_step_count=14, deadline=None)
TestNewsroom = Newsroom.TestCase


def test_reading_notes_which_packs_it_asked():
    """Inside and outside of each other, and nothing when nobody listens."""
    languages.pack("en")
    with languages.asked() as outer:
        languages.pack("id")
        with languages.asked() as inner:
            languages.pack("uk")
        languages.recognition()
    assert (outer, inner) == ({"id"}, {"uk"})


def test_building_uses_one_key_before_and_after_reading(digests, small):
    """What is computed from the bytes of the file is what the reading says of itself."""
    recipe = building.Recipe(keeping.basis_of(small), "utf-8")
    sources = building.find_inputs([digests]).sources
    part = building.read_part(sources, recipe, small)

    before = [recipe.key(source, building._hash(source)) for source in sources]
    assert part.tables["digests"]["key"].to_pylist() == before
    assert len(set(before)) == len(before)
