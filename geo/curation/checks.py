"""Every promise about curated data, checked at once: ``frontline check``.

Each check is one small function in ``CHECKS`` that yields problems; none stops at the first. A problem says where, what
is wrong, and what to do. Files are read leniently, so that one spreadsheet's save does not hide everything else.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from geo import kinds as event_kinds
from geo.curation.curated import (
    DEGREES,
    Curated,
    Problem,
    Row,
    did_you_mean,
    line_of,
    of_file,
    shown,
    toml,
    toml_problems,
)
from geo.curation.positions import (
    namesakes_stand_apart,
    outlines_hold,
    points_lie_in_their_raion,
    points_lie_in_their_region,
)
from geo.kinds import SCHEMES
from geo.languages import codes, inflection
from geo.reference import publication
from geo.reference.gazetteer import SETTLEMENTS, UNITS

_SITES = """
    airbase airport area arsenal bridge canal city_district dam forest industrial island landform nuclear_plant
    platform port power_plant range reservoir river sea strait
"""
SITES = frozenset(_SITES.split())
KINDS = SETTLEMENTS | UNITS | SITES
POSITIONS = frozenset({"checked", "unchecked", "estimated"})
STANDINGS = frozenset({"standard", "variant", "former", "exonym", "seen"})
FLAGS = frozenset({"lower", "adjective", "common", "person", "weapon"})
USES = frozenset({"places", "places_osm", "regions", "sites", "axes", "names", "outlines", "activity"})

# Scripts by the language of a names file; a language that is not here is not known.
_UKRAINIAN = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
LETTERS = dict.fromkeys((*codes(), "und"), _LATIN) | {"uk": _UKRAINIAN, "ru": _RUSSIAN}
_LOOKS_LATIN = frozenset("łøđðþßæœıəŋħ")  # Latin letters that do not come apart into a letter and a mark

# Words that open half the sentences of a language. A name spelled so needs a flag, or every sentence names the place.
STOP_WORDS = {
    "de": """ab aber als am an auf aus bei bis da das dem den der des die durch ein eine er es für hat ich ihr im in ist
        ja mit nach nicht noch nun nur ob oder sie sind so über um und uns vom von vor was wer wie wir wo zu zum zur""",
    "en": """a all an and are as at be but by for he her his i if in is it many never no not of on or our over she so
        some that the their then they this to up us was we with you""",
    "es": """a al antes aquí así como con cuando de del desde donde el ella en entre es esta este ha han hasta la las lo
        los más muy no o para pero por que se según si sin sobre su sus también tras un una y ya""",
    "fr": """a à après au aussi aux avant avec car ce ces cette comme d dans de depuis des dont du elle en entre est et
        eux il ils l la le les leur lors mais ne non nos ou où par pas plus pour qu que qui sa sans se ses si son sous
        sur un une vers""",
    "id": """ada ah akan atau bagi bila dan dari di hai hari ini itu jika ke kini lalu mana oleh pada para saat serta
        tak telah tetapi untuk ya yang""",
    "pl": """a ale bez był co czy dla do gdy gdzie i ich ile im jak jest już ku lub ma my na nad nie o od on ona oni
        oraz po pod przed przez przy są się ta tak tam te to tu u w we wraz z za ze że""",
    "ru": """а без был в вот все вы где да до его ее если и из или их к как когда мы на не ни но о об он она они от по
        при с со так там то у уже что это я""",
    "uk": """а але без був в від все ви вона вони де для до з за й його її і із їх коли ми на не ні нема о ой он по при
        про с та так там те то у хай це що як я""",
}

_REGION_ID = re.compile(r"[a-z]+(-[a-z]+)*")
_PLACE_ID = re.compile(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*")
_KM = re.compile(r"\d+(\.\d{1,4})?")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_KATOTTG = re.compile(r"UA\d{17}")
_SAME_AS = re.compile(r"(gn|wof|wd):Q?\d+|iso:[A-Z0-9-]+|osm:(node|way|relation)/\d+")
_YEAR = re.compile(r"\d{3,4}")
_WEEK = re.compile(r"\d{4}-W\d\d")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def check(folder: Path, kinds: Path | None = None) -> list[Problem]:
    """Return every problem of the gazetteer in ``folder`` and of the kinds of events, sorted by file and line.

    An empty list means that every promise holds. Files are shown relative to the current folder where they lie in it.
    """
    curated = Curated(folder, kinds or event_kinds.FILE)
    return sorted({problem for one in CHECKS for problem in one(curated)})


# --- files -----------------------------------------------------------------------------------------------------------


def files_are_plain(curated: Curated) -> Iterator[Problem]:
    """Require UTF-8, line feeds, commas, the exact header, sorted rows: what a spreadsheet's save breaks."""
    for table in curated.tables:
        yield from table.problems


def files_are_there(curated: Curated) -> Iterator[Problem]:
    """Require the files that the program cannot do without, and none that it would not read."""
    for name in ("regions.csv", "sites.csv", "axes.csv", "retired.csv", "activity.csv", "sources.toml", "theatre.toml"):
        if not (curated.folder / name).is_file():
            yield of_file(curated.folder / name, "the file is missing", "restore it, or write one with its header")
    for name in ("sources.toml", "theatre.toml"):
        yield from toml_problems(curated.folder / name)
    for path in sorted(curated.folder.glob("names/*.csv")):
        if path.stem not in LETTERS:
            known = ", ".join(sorted(LETTERS))
            yield of_file(path, f"the language {path.stem!r} is not known", f"name the file after one of {known}")
    for path in [*sorted(curated.folder.glob("places/*.csv")), *sorted(curated.folder.glob("places_osm/*.csv"))]:
        if path.stem != "world" and path.stem not in curated.places:
            todo = did_you_mean(path.stem, curated.places) or "add the region to regions.csv first"
            yield of_file(path, f"no region has the id {path.stem!r}", todo)


# --- ids and units ---------------------------------------------------------------------------------------------------


def ids_are_well_formed(curated: Curated) -> Iterator[Problem]:
    """Require ``region.name`` in the region's own file; raions and hromadas say so, regions are one word."""
    for table in curated.tables:
        if table.use in ("places", "places_osm"):
            for row in table.rows:
                yield from _place_id_problems(row, table.path.stem)
        elif table.use in ("sites", "axes"):
            for row in table.rows:
                if not _PLACE_ID.fullmatch(row["id"]):
                    todo = "write it as donetsk.donetsk-airport"
                    yield row.problem(f"the id {row['id']!r} is not of the form region.name", todo)
    for row in curated.rows("regions"):
        if not _REGION_ID.fullmatch(row["id"]):
            todo = "write lower-case letters, with hyphens in countries"
            yield row.problem(f"the id {row['id']!r} is no plain word", todo)


def _place_id_problems(row: Row, stem: str) -> Iterator[Problem]:
    if not _PLACE_ID.fullmatch(row["id"]):
        todo = f"write it as {stem}.name, with a-z, 0-9 and -"
        yield row.problem(f"the id {row['id']!r} is not of the form region.name", todo)
    elif row["id"].split(".")[0] != stem:
        todo = "move the row to its region's file, or correct the id"
        yield row.problem(f"the id {row['id']!r} does not begin with {stem}.", todo)
    for kind in ("raion", "hromada"):
        if (row["kind"] == kind) != row["id"].endswith(f"-{kind}"):
            todo = f"the id of a {kind}, and no other, ends in -{kind}"
            yield row.problem(f"a {row['kind']} has the id {row['id']!r}", todo)


def ids_are_unique(curated: Curated) -> Iterator[Problem]:
    """Require one row for each id; only ``places_osm/`` may repeat an estimated place of the register."""
    first: dict[str, Row] = {}
    ours: dict[str, Row] = {}
    for seen, uses in ((first, ("regions", "places", "sites", "axes")), (ours, ("places_osm",))):
        for row in curated.rows(*uses):
            if (known := seen.setdefault(row["id"], row)) is not row:
                what = f"the id {row['id']!r} stands already in {known.file}:{known.line}"
                yield row.problem(what, "give the second place an id of its own, with -2")
    for row in ours.values():
        if row["id"] in first:
            yield from _repetition_problems(row, first[row["id"]])


def _repetition_problems(row: Row, known: Row) -> Iterator[Problem]:
    where = f"{known.file}:{known.line}"
    if known.cells.get("position") != "estimated":
        todo = "remove this row; only an estimated position may be repeated from OpenStreetMap"
        yield row.problem(f"the id {row['id']!r} has a position of its own in {where}", todo)
    elif not row["katottg"] or row["katottg"] != known["katottg"]:
        what = f"katottg is {row['katottg']!r} here and {known['katottg']!r} in {where}"
        yield row.problem(what, "repeat an id only for the same settlement of the register, or choose a new id")


def retired_ids_stay_retired(curated: Curated) -> Iterator[Problem]:
    """Require that a retired id is never used again, and says what to use in its place."""
    retired = {row["id"]: row for row in curated.rows("retired")}
    for row in retired.values():
        if (used := curated.places.get(row["id"])) is not None:
            yield used.problem(f"the id {row['id']!r} is retired ({row.file}:{row.line})", "give the place a new id")
        if row["successor"] and row["successor"] not in curated.places and row["successor"] not in retired:
            yield row.problem(f"the successor {row['successor']!r} is no place id", curated.nearest(row["successor"]))
        if circle := _circle(row["id"], {i: r["successor"] for i, r in retired.items()}):
            yield row.problem(f"the successors go round in a circle: {circle}", "name the place that is in use")
        if not row["reason"]:
            yield row.problem("a retired id needs a reason", "say why, and name a successor if there is one")
        yield from _date_problems(row, "date", "")


def _circle(retired: str, successors: Mapping[str, str]) -> str:
    """Return the way from a retired id back to itself, or "" if its successors end somewhere."""
    seen = [retired]
    while (after := successors.get(seen[-1])) and after not in seen:
        seen.append(after)
    return " → ".join([*seen, retired]) if after == retired else ""


def parents_exist(curated: Curated) -> Iterator[Problem]:
    """Require that every place lies in known units of the right kind."""
    for row in curated.rows("regions", "places", "places_osm", "sites"):
        for column, kinds in (("parent", ("country", "region")), ("raion", ("raion",)), ("hromada", ("hromada",))):
            if not row[column]:
                continue
            unit = curated.places.get(row[column])
            if unit is None:
                yield row.problem(f"{column} is {row[column]!r}, which is no place id", curated.nearest(row[column]))
            elif unit["kind"] not in kinds:
                what = f"{column} is {row[column]!r}, which is a {unit['kind']}"
                yield row.problem(what, f"name a {' or a '.join(kinds)}")
            elif column != "parent" and unit["parent"] != row["parent"]:
                what = f"{column} {row[column]!r} lies in {unit['parent']!r}, the place in {row['parent']!r}"
                yield row.problem(what, f"choose the {column} of the same region")
        if not row["parent"] and row["kind"] not in {"country", *SITES}:
            yield row.problem("parent is empty", "name the region (or, for a region, the country) that it belongs to")


def parents_end_in_a_country(curated: Curated) -> Iterator[Problem]:
    """Require that no unit is its own ancestor."""
    for row in curated.rows("regions"):
        seen = [row["id"]]
        above = row
        while above["parent"] and above["parent"] in curated.places:
            above = curated.places[above["parent"]]
            if above["id"] in seen:
                circle = " → ".join([*seen, above["id"]])
                yield row.problem(f"the parents go round in a circle: {circle}", "correct one parent")
                break
            seen.append(above["id"])


# --- cells -----------------------------------------------------------------------------------------------------------


def words_are_known(curated: Curated) -> Iterator[Problem]:
    """Require kinds, positions, standings and flags from fixed lists."""
    for row in curated.rows("regions", "places", "places_osm", "sites"):
        yield from _word_problems(row, "kind", row["kind"], KINDS)
        if row["position"] or row["lat"]:
            yield from _word_problems(row, "position", row["position"], POSITIONS)
    for row in curated.rows("names"):
        yield from _word_problems(row, "standing", row["standing"], STANDINGS)
        for flag in row["flags"].split():
            yield from _word_problems(row, "the flag", flag, FLAGS)


def _word_problems(row: Row, column: str, word: str, known: Iterable[str]) -> Iterator[Problem]:
    if word not in known:
        todo = did_you_mean(word, known) or f"use one of {', '.join(sorted(known))}"
        yield row.problem(f"{column} is {word!r}, which is not known", todo)


def numbers_are_plain(curated: Curated) -> Iterator[Problem]:
    """Require degrees with four decimals and a point, radii in kilometres; only countries have no position."""
    for row in curated.rows("regions", "places", "places_osm", "sites", "axes"):
        yield from _degree_problems(row)
        for column in ("extent_km", "accuracy_km", "radius_km"):
            if (text := row.cells.get(column, "")) and not _KM.fullmatch(text):
                yield row.problem(f"{column} is {text!r}", _number_advice(text, "kilometres as in 1.5"))
        if row["lat"] and row.cells.get("extent_km", row.cells.get("radius_km")) == "":
            yield row.problem("extent_km is empty", "say how many kilometres the place reaches from its middle")
    for row in curated.rows("activity"):
        if not _KM.fullmatch(row["weight"]):
            yield row.problem(f"weight is {row['weight']!r}", _number_advice(row["weight"], "a number as in 0.5"))
        if not _WEEK.fullmatch(row["week"]):
            yield row.problem(f"week is {row['week']!r}", "write the ISO week as in 2024-W44")


def _degree_problems(row: Row) -> Iterator[Problem]:
    if not row["lat"] and not row["lon"]:
        if row.cells.get("kind") != "country":
            yield row.problem("lat and lon are empty", "give a position, or an estimated one with its accuracy_km")
        return
    for column, most in (("lat", 90), ("lon", 180)):
        text = row[column]
        if not DEGREES.fullmatch(text):
            yield row.problem(f"{column} is {text!r}", _number_advice(text, "degrees with four decimals as in 47.7797"))
        elif abs(float(text)) > most:
            yield row.problem(f"{column} is {text}, beyond {most} degrees", "look whether lat and lon are swapped")


def _number_advice(text: str, form: str) -> str:
    if _DECIMAL_COMMA.fullmatch(text):
        return f"write the decimal comma as a point: {text.replace(',', '.')}"
    return f"write {form}"


def codes_are_well_formed(curated: Curated) -> Iterator[Problem]:
    """Require unique register codes, ids of other sources that say whose they are, dates that are dates."""
    first: dict[str, Row] = {}
    for row in curated.rows("regions", "places", "sites"):
        if code := row["katottg"]:
            if not _KATOTTG.fullmatch(code):
                yield row.problem(f"katottg is {code!r}", "write UA and 17 digits, or leave it empty")
            elif (known := first.setdefault(code, row)) is not row:
                what = f"katottg {code} stands already in {known.file}:{known.line}"
                yield row.problem(what, "look up the code of this place")
    for row in curated.rows("regions", "places", "places_osm", "sites"):
        for same in row["same_as"].split():
            if not _SAME_AS.fullmatch(same):
                todo = "write gn:123, wof:123, wd:Q123, iso:UA-14 or osm:relation/123"
                yield row.problem(f"same_as holds {same!r}", todo)
        yield from _date_problems(row, "checked", " on which somebody looked, or leave it empty")
    for row in curated.rows("names"):
        yield from _date_problems(row, "checked", " on which somebody looked, or leave it empty")


def _date_problems(row: Row, column: str, which: str) -> Iterator[Problem]:
    if text := row[column]:
        try:
            fine = date.fromisoformat(text).isoformat() == text
        except ValueError:
            fine = False
        if not fine:
            yield row.problem(f"{column} is {text!r}", f"write the day as in 2024-11-22{which}")


# --- sources ---------------------------------------------------------------------------------------------------------


def sources_are_allowed(curated: Curated) -> Iterator[Problem]:
    """Require a source that may stand in its file: nothing of OpenStreetMap outside ``places_osm/``."""
    for table in curated.tables if curated.sources else ():  # missing or unreadable, which is said already
        for row in table.rows if table.use != "retired" else ():
            source = curated.sources.get(row["source"])
            if not row["source"]:
                yield row.problem("source is empty", "name a source of sources.toml")
            elif source is None:
                todo = did_you_mean(row["source"], curated.sources) or "describe it in sources.toml, with its licence"
                yield row.problem(f"source is {row['source']!r}, which sources.toml does not know", todo)
            elif table.use not in source.get("allowed_in", ()):
                allowed = ", ".join(source.get("allowed_in", ())) or "no file"
                yield row.problem(
                    f"source {row['source']!r} is not allowed in {table.use}", f"move the row to {allowed}"
                )


def sources_have_a_licence(curated: Curated) -> Iterator[Problem]:
    """Require of each source a licence, an attribution line, a title, an address, and its permitted files."""
    path = curated.folder / "sources.toml"
    for key, source in curated.sources.items():
        line = line_of(path, f"[{key}]")
        for field in ("title", "licence", "attribution", "url"):
            if not (isinstance(source, dict) and isinstance(source.get(field), str) and source[field].strip()):
                yield Problem(shown(path), line, f"source {key!r} has no {field}", f'add {field} = "…"')
        allowed = source.get("allowed_in", []) if isinstance(source, dict) else []
        for use in allowed or [""]:
            if use not in USES:
                todo = f"list some of {', '.join(sorted(USES))}"
                yield Problem(shown(path), line, f"source {key!r} is allowed in {use!r}, which is no file", todo)


# --- names -----------------------------------------------------------------------------------------------------------


def names_belong_to_places(curated: Curated) -> Iterator[Problem]:
    """Require that a name is not empty, stands once, and is a spelling of a place that exists."""
    retired = {row["id"]: row["successor"] for row in curated.rows("retired")}
    for row in curated.rows("activity"):
        if row["place"] not in curated.places:
            yield row.problem(f"place is {row['place']!r}, which is no place id", curated.nearest(row["place"]))
    for table in curated.tables:
        if table.use != "names":
            continue
        seen: dict[tuple[str, str], Row] = {}
        local = table.path.stem in ("uk", "ru")  # the languages of `name_local` that are declined from there
        is_declined = inflection.inflection(table.path.stem) is not None
        for row in table.rows:
            place = curated.places.get(row["place"])
            if place is None:
                successor = retired.get(row["place"])
                todo = f"the id is retired: write {successor!r}" if successor else curated.nearest(row["place"])
                yield row.problem(f"place is {row['place']!r}, which is no place id", todo)
            elif (
                row["name"] in (place["name"], place["name_local"])
                and not row["flags"]
                and (not is_declined or (local and row["name"] == place["name_local"]))  # Polish says "w Sumach"
            ):
                what = f"{row['name']!r} is what {place.file}:{place.line} calls the place already"
                yield row.problem(what, "remove the row; a repeated name only serves to give it a flag")
            if not row["name"].strip() or row["name"] != " ".join(row["name"].split()):
                todo = "write the spelling, without spaces around it or doubled ones"
                yield row.problem(f"the name is {row['name']!r}", todo)
            other = row if "\ufffd" in row["name"] else seen.setdefault((row["place"], row["name"]), row)
            if other is not row:
                yield row.problem(f"{row['name']!r} stands already in line {other.line}", "remove one of the two rows")
            yield from _year_problems(row)


def _year_problems(row: Row) -> Iterator[Problem]:
    for column in ("since", "until"):
        if row[column] and not _YEAR.fullmatch(row[column]):
            yield row.problem(f"{column} is {row[column]!r}", "write a year as in 1924, or leave it empty")
            return
    if row["since"] and row["until"] and int(row["since"]) > int(row["until"]):
        yield row.problem(f"since {row['since']} is later than until {row['until']}", "swap or correct the years")


def names_are_in_script(curated: Curated) -> Iterator[Problem]:
    """Require letters of the language: no Latin i in a Cyrillic word."""
    for row in curated.rows("regions", "places", "places_osm", "sites", "axes"):
        yield from _script_problems(row, "name", row["name"], _LATIN, "Latin letters")
        if not row["name"]:
            yield row.problem("name is empty", "write the name in Latin letters")
        if row.cells.get("katottg") and row["kind"] in SETTLEMENTS:
            yield from _script_problems(row, "name_local", row["name_local"], _UKRAINIAN, "Ukrainian letters")
        if mixed := next((w for w in row["name_local"].split() if _is_mixed(w)), None):
            what = f"name_local mixes Latin and Cyrillic letters in {mixed!r}"
            yield row.problem(what, "type the word again in one alphabet")
    for table in curated.tables:
        if table.use == "names" and (letters := LETTERS.get(table.path.stem)):
            for row in table.rows:
                yield from _script_problems(row, "the name", row["name"], letters, f"letters of {table.path.stem!r}")


def _script_problems(row: Row, column: str, text: str, letters: frozenset[str], called: str) -> Iterator[Problem]:
    if "\ufffd" in text:
        return  # the file is not UTF-8, which is said already
    for letter in text.lower():
        if letter.isalpha() and letter not in letters and not (letters is _LATIN and _is_latin(letter)):
            what = f"{column} {text!r} holds {letter!r} (U+{ord(letter):04X}), which is not one of the {called}"
            yield row.problem(what, "type it again in that alphabet, or move it to the file of its language")
            return


def _is_latin(letter: str) -> bool:
    return letter in _LOOKS_LATIN or unicodedata.normalize("NFD", letter)[0] in _LATIN


def _is_mixed(word: str) -> bool:
    scripts = {"latin" if _is_latin(c) else "cyrillic" for c in word.lower() if _is_latin(c) or "а" <= c <= "ӿ"}
    return len(scripts) > 1


def stop_words_carry_a_flag(curated: Curated) -> Iterator[Problem]:
    """Require a flag on names that are also among the commonest words."""
    stop = {language: frozenset(words.split()) for language, words in STOP_WORDS.items()}
    latin, cyrillic = stop["en"] | stop["id"], stop["ru"] | stop["uk"]
    for table in curated.tables:
        if table.use == "names":
            words = stop.get(table.path.stem, latin if table.path.stem not in ("uk", "ru") else cyrillic)
            for row in table.rows:
                if row["name"].lower() in words and not _is_flagged(curated, row["place"], row["name"]):
                    todo = "write common into flags, so that it needs a cue"
                    yield row.problem(f"{row['name']!r} is also a common word", todo)
        elif table.use in ("regions", "places", "places_osm", "sites"):
            for row in table.rows:
                for text, words in ((row["name"], latin), (row["name_local"], cyrillic)):
                    if text.lower() in words and not _is_flagged(curated, row["id"], text):
                        yield row.problem(f"{text!r} is also a common word", "add it to names/ with the flag common")


def _is_flagged(curated: Curated, place_id: str, name: str) -> bool:
    return any(row["name"].lower() == name.lower() and row["flags"] for row in curated.names_of.get(place_id, ()))


# --- axes, outlines, the theatre, kinds ------------------------------------------------------------------------------


def axes_run_through_places(curated: Curated) -> Iterator[Problem]:
    """Require that an axis runs through at least two settlements that exist."""
    for row in curated.rows("axes"):
        through = row["through"].split()
        if len(set(through)) < 2:
            what = f"the axis runs through {len(set(through))} settlement(s)"
            yield row.problem(what, "list at least two place ids, a space between them")
        for place_id in through:
            if place_id not in curated.places:
                yield row.problem(f"through names {place_id!r}, which is no place id", curated.nearest(place_id))


def theatre_is_complete(curated: Curated) -> Iterator[Problem]:
    """Require the war's first day, the box, the countries, and two parties with their country and label."""
    path, theatre = curated.folder / "theatre.toml", curated.theatre
    if not theatre:
        return  # missing or unreadable, which is said already
    if not isinstance(theatre.get("day_one"), date):
        yield of_file(path, "day_one is no date", "write day_one = 2022-02-24, without quotes")
    box = theatre.get("box", {})
    if not all(isinstance(box.get(side), int | float) for side in ("south", "west", "north", "east")):
        yield of_file(path, "the box is not complete", "write south, west, north and east in degrees below [box]")
    elif box["south"] >= box["north"] or box["west"] >= box["east"]:
        yield of_file(path, "the box is empty", "look whether south and north, or west and east, are swapped")
    if not theatre.get("time_zones"):
        yield of_file(path, "there are no time_zones", 'list them as in ["Europe/Kyiv"]')
    parties = theatre.get("parties", {})
    if len([p for p in parties.values() if p.get("country")]) != 2:
        yield of_file(path, "there must be two parties with a country", "write one block [parties.NAME] for each")
    for key, party in parties.items():
        if not party.get("label"):
            line = line_of(path, f"[parties.{key}]")
            yield Problem(shown(path), line, f"party {key!r} has no label", 'add label = "…"')
    for country in [*theatre.get("countries", []), *(p["country"] for p in parties.values() if p.get("country"))]:
        if curated.places.get(country, {"kind": ""})["kind"] != "country":
            yield of_file(path, f"{country!r} is no country of regions.csv", curated.nearest(country))


def publication_is_sound(curated: Curated) -> Iterator[Problem]:
    """Require of the rules of publication, if there are any, an age in days, known kinds and a possible precision."""
    path = curated.folder / "theatre.toml"
    if "publication" in curated.theatre:
        for what, todo in publication.problems(curated.theatre["publication"]):
            yield Problem(shown(path), line_of(path, "[publication"), what, todo)


def kinds_are_complete(curated: Curated) -> Iterator[Problem]:
    """Require of every kind of event a label, a noun, a meaning, a known family and a shape."""
    path = curated.kinds_file
    yield from toml_problems(path)
    kinds = toml(path)
    families = kinds.get("families", {})
    for key, family in families.items():
        if not family.get("label") or not _COLOUR.fullmatch(str(family.get("colour"))):
            what = f"family {key!r} lacks a label or a colour"
            yield Problem(shown(path), line_of(path, f"{key} ="), what, 'write label = "…" and colour = "#rrggbb"')
    for key, kind in kinds.get("kinds", {}).items():
        line = line_of(path, f"[kinds.{key}]")
        for field in ("label", "noun", "meaning", "family", "shape"):
            if not kind.get(field):
                yield Problem(shown(path), line, f"kind {key!r} has no {field}", f'add {field} = "…"')
        if kind.get("family") and kind["family"] not in families:
            todo = did_you_mean(kind["family"], families) or "describe it in [families]"
            what = f"kind {key!r} is of the family {kind['family']!r}, which is not known"
            yield Problem(shown(path), line, what, todo)


def crosswalk_is_complete(curated: Curated) -> Iterator[Problem]:
    """Require that the last row of every crosswalk has no condition: so each kind that has rows ends in one."""
    path = curated.kinds_file
    for key, kind in toml(path).get("kinds", {}).items():
        for scheme in SCHEMES:
            rows = kind.get(scheme, [])
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                what, todo = f"{scheme} of {key!r} is no list of rows", "write it as [{ … }], or [] for none"
            elif rows and "when" in rows[-1]:
                what, todo = f"no row of {scheme} may hold for {key!r}", "add a last row without `when`"
            else:
                continue
            yield Problem(shown(path), line_of(path, f"[kinds.{key}]"), what, todo)


CHECKS: list[Callable[[Curated], Iterator[Problem]]] = [
    files_are_there, files_are_plain,
    ids_are_well_formed, ids_are_unique, retired_ids_stay_retired, parents_exist, parents_end_in_a_country,
    words_are_known, numbers_are_plain, codes_are_well_formed,
    points_lie_in_their_region, points_lie_in_their_raion, namesakes_stand_apart,
    sources_are_allowed, sources_have_a_licence,
    names_belong_to_places, names_are_in_script, stop_words_carry_a_flag,
    axes_run_through_places, outlines_hold, theatre_is_complete, publication_is_sound,
    kinds_are_complete, crosswalk_is_complete,
]  # fmt: skip
