"""What the page calls things: a phrase for every value of a report, so that no internal code is ever shown.

The phrases are in ``messages``, in the language of the reader; regions and sides are called what the gazetteer calls
them.
"""

import csv
import re
import tomllib
from collections.abc import Callable, Mapping
from contextvars import ContextVar, copy_context
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from geo.paths import bundled
from geo.view.messages import LANGUAGES, catalogue, said, say, speak, spoken

Told = TypeVar("Told")
Record = Mapping[str, Any]  # one report: the columns of the table as plain values, None for unknown

# Sides are told apart by colours that are neither red nor blue, and that people with any colour vision can tell apart.
SIDE_COLOURS = ("#7a5195", "#1b8a8f", "#a6761d", "#6b6f76")

_SPOTS = ("site", "settlement", "near")
_LOCAL = {"uk": "ukraine"}  # the local names of this country's places are in this language
_USUAL = ("standard", "exonym")  # standings of names that a language uses of itself, the better one first
_OBLAST_ENDINGS = ("ська", "цька", "зька", "ская", "цкая")
_PARTS = re.compile(r"; (?![^()]*\))")  # not inside brackets, where a reason gives its own reasons
_CODE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_NAMESAKES = re.compile(r"(\d+) of the same name")

_GAZETTEER: ContextVar[Path | None] = ContextVar("gazetteer", default=None)


def speak_by(gazetteer: Path | None, language: str = LANGUAGES[0]) -> None:
    """Take the words for regions and sides from this gazetteer (None: the bundled one), in this run of the page."""
    _GAZETTEER.set(gazetteer)
    speak(language)


def in_language(language: str, told: Callable[[], Told], gazetteer: Path | None = None) -> Told:
    """Return what a function tells in a language; what is spoken around it stays as it is."""

    def telling() -> Told:
        speak_by(gazetteer or _GAZETTEER.get(), language)
        return told()

    return copy_context().run(telling)


def for_browser(language: str) -> dict[str, Any]:
    """Return what the JavaScript parts say: ``language``, and ``messages`` by key, among them the labels of sides."""
    return {"language": language, "messages": {**catalogue(language), **{f"side.{k}": v for k, v in sides().items()}}}


# --- sides and places ------------------------------------------------------------------------------------------------


def sides() -> dict[str, str]:
    """Return the label of each side: the parties of the theatre, then third parties and none."""
    return _sides(_GAZETTEER.get() or bundled("gazetteer"), spoken())


def regions() -> dict[str, str]:
    """Return what to call each region, by its id: the gazetteer has only the bare name ("Donetsk")."""
    return _regions(_GAZETTEER.get() or bundled("gazetteer"), spoken())


@cache
def _sides(folder: Path, language: str) -> dict[str, str]:
    theatre = tomllib.loads((folder / "theatre.toml").read_text(encoding="utf-8"))
    return {side: _side(row, language) for side, row in theatre["parties"].items()}


def _side(row: Mapping[str, Any], language: str) -> str:
    if "demonym" not in row:
        return str(row.get("labels", {}).get(language, row["label"]))
    word = say("side.party_word")
    return say("side.party", party=row.get(f"{word}s", {}).get(language, row[word]))


@cache
def _regions(folder: Path, language: str) -> dict[str, str]:
    named = _named(folder, language)
    with (folder / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "region"]
    return {row["id"]: named.get(row["id"]) or _unit(row, language) for row in rows}


def _unit(row: Mapping[str, str], language: str) -> str:
    # Oblasts are called by an adjective, so their own name ends like one; krais and republics say what they are.
    name = row["name_local"] if row["parent"] == _LOCAL.get(language) and row["name_local"] else row["name"]
    is_oblast = row["name_local"].endswith(_OBLAST_ENDINGS)
    return say("unit.oblast", name=name) if is_oblast and "oblast" not in name.lower() else name


@cache
def _named(folder: Path, language: str) -> dict[str, str]:
    """Return the usual name of places in a language, as far as the gazetteer has one; English has display names."""
    path = folder / "names" / f"{language}.csv"
    if language == LANGUAGES[0] or not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["standing"] in _USUAL]
    rows.sort(key=lambda row: _USUAL.index(row["standing"]))
    return {row["place"]: row["name"][:1].upper() + row["name"][1:] for row in reversed(rows)}


@cache
def _local_regions(folder: Path, language: str) -> frozenset[str]:
    """Return the ids of the regions whose places have their local name in this language."""
    with (folder / "regions.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(r["id"] for r in csv.DictReader(file) if r["parent"] == _LOCAL.get(language, "-"))


def region_words(report: Record) -> str | None:
    """Return the region that a report lies in, or None: ``Donetsk oblast``."""
    return regions().get(report["place_id"].partition(".")[0], report["region"])


def place_words(report: Record) -> str:
    """Return the name of the place so that a region is not taken for the city of the same name."""
    name = name_words(report["place_id"], str(report["place"]), report["place_local"])
    if report["precision"] == "region":
        return region_words(report) or name
    if report["precision"] == "district" and not any(unit in name for unit in ("raion", "район")):
        return say("unit.raion", name=name)
    return name


def name_words(place_id: str, name: str, local: str | None) -> str:
    """Return the name of a place: its local one if that is of the language that is spoken."""
    folder = _GAZETTEER.get() or bundled("gazetteer")
    if local and place_id.partition(".")[0] in _local_regions(folder, spoken()):
        return local
    return _named(folder, spoken()).get(place_id, name)


def local_words(report: Record) -> str:
    """Return the place's name in its country's language; of units the gazetteer has only the adjective."""
    name = str(report["place_local"] or "")
    if report["precision"] == "region" and name.endswith(_OBLAST_ENDINGS):
        return f"{name} область"
    if report["precision"] == "district" and name.endswith(("ський", "цький", "зький", "ский", "цкий")):
        return f"{name} район"
    return name


def actor_side(side: str | None) -> str:
    """Return the label of the side that acted; unlike a claimant's, it is often simply not said."""
    return say("card.actor_unknown") if side in (None, "none") else sides()[str(side)]


def language_words(code: str | None) -> str | None:
    """Return what a language is called; one that the page does not know keeps its code."""
    return say(f"language.{code}") if code and said(f"language.{code}") else code


# --- time ------------------------------------------------------------------------------------------------------------


def day_words(day: date, year: bool = True) -> str:
    """Return ``5 Nov 2024``."""
    month = str(catalogue(spoken())["date.months"]).split()[day.month - 1]
    return f"{day.day} {month}" + (f" {day.year}" if year else "")


def span_words(first: date, last: date, year: bool = True) -> str:
    """Return both ends, included, without saying anything twice: ``1–7 Nov 2024``."""
    if first == last:
        return day_words(last, year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last, year)}"
    return f"{day_words(first, first.year != last.year)} – {day_words(last, year or first.year != last.year)}"


def when_short(report: Record, year: bool = False) -> str:
    """Return when it happened: ``5 Nov``, ``4–5 Nov``, ``by 1 Nov`` (the text gives no day)."""
    words = span_words(report["date"], report["date_end"], year)
    return say("date.by", days=words) if report["date_precision"] == "by" else words


def when_words(report: Record) -> str:
    """Return when it happened and how that is known."""
    how = "date.by_long" if report["date_precision"] == "by" else "date.known"
    basis = say(f"basis.{report['date_basis']}")
    return say(how, days=span_words(report["date"], report["date_end"]), basis=basis)


# --- where -----------------------------------------------------------------------------------------------------------


def where_words(report: Record) -> str:
    """Return how precisely the place is known, and how far the words reach."""
    words = [_placed(report)]
    if report["precision"] in _SPOTS:
        if report["radius_km"] is not None:
            words.append(say("where.circle", distance=_km(report["radius_km"])))
        if report["position"] != "checked":
            words.append(say(f"position.{report['position']}"))
    return " ".join(words)


def _placed(report: Record) -> str:
    values = {"place": place_words(report)}
    key = report["precision"]
    if key == "near":
        told = {"offset": report["distance_km"], "bearing": report["bearing"]}
        key = "_".join(name for name, value in told.items() if value) or "near"
        values["distance"] = _km(told["offset"]) if told["offset"] else ""
        values["bearing"] = say(f"bearing.{told['bearing']}") if told["bearing"] else ""
    words = say(f"where.{key}", **values)
    return words[:1].upper() + words[1:]


def _km(distance: float) -> str:
    return say("where.km", n=f"{distance:g}")


def badge(report: Record) -> str:
    """Return a word of warning for the list where the place is no plain spot, else nothing."""
    about = report["position"] if report["precision"] in ("site", "settlement") else report["precision"]
    return "" if about == "checked" else say(f"badge.{about}")


# --- what and who ----------------------------------------------------------------------------------------------------


def counted(n: int, where: str = "", *, stories: bool = False) -> str:
    """Return ``64 reports`` or ``12 stories``; ``where`` may be ``here`` or ``in_view``."""
    what = "stories" if stories else "reports"
    return say(f"count.{'_'.join(filter(None, (what, where)))}", n=n)


def claim_words(report: Record) -> str:
    """Return who says so and on which side that is."""
    if not report["claimant"]:
        return say("card.no_source") if report["status"] == "reported" else sides()[report["claimant_side"]]
    side = "" if report["claimant_side"] == "none" else f" · {sides()[report['claimant_side']]}"
    relay = f" ({say('card.via', outlets=', '.join(report['via']))})" if len(report["via"]) else ""
    return f"{report['claimant']}{side}{relay}"


def kind_words(report: Record) -> str:
    """Return what happened: kind, then action, means and outcome as far as the text says."""
    what = say(f"action.{report['action']}") if report["action"] else say(f"kind.{report['kind']}")
    further = (say(f"{name}.{report[name]}") for name in ("means", "outcome") if report[name])
    return " · ".join([what, *further])


def summary_words(report: Record) -> str:
    """Return the whole report in one sentence; the stored summary is its like in English."""
    place, region = place_words(report), region_words(report)
    where = f"{place} ({region})" if region and region != place else place
    values = {"what": kind_words(report), "where": where, "when": when_short(report, year=True)}
    if not report["claimant"]:
        return say("card.summary", **values)
    return say("card.summary_claimed", who=report["claimant"], **values)


def people_words(report: Record) -> list[str]:
    """Return numbers of killed and injured as the text says; nothing is never zero."""
    said_of = ((what, report[f"{what}_min"], report[f"{what}_max"]) for what in ("killed", "injured"))
    return [_people(*told) for told in said_of if told[1:] != (None, None)]


def _people(what: str, low: int | None, high: int | None) -> str:
    if low == high:
        return say(f"people.{what}", n=low)
    if high is None:
        return say(f"people.{what}_from", n=low)
    if low is None:
        return say(f"people.{what}_to", n=high)
    return say(f"people.{what}_between", low=low, high=high)


# --- why here --------------------------------------------------------------------------------------------------------


def why_words(report: Record) -> list[str]:
    """Return why the report stands at this place: each reason with the words that gave it."""
    return [reason_words(part) for part in _PARTS.split(str(report["why"])) if part.strip()]


def reason_words(part: str) -> str:
    """Return one reason of a trace (``in stated container: Donetsk``) as a phrase; other words stay as they are."""
    rule, _, words = part.partition(": ")
    key = f"reason.{rule.strip().replace(' ', '_')}"
    if not said(key):
        return _CODE.sub(lambda code: code.group().replace("_", " "), part[:1].upper() + part[1:])
    return say(key, words=_TOLD.get(key, str)(words.strip())).removesuffix(": ")


def _namesakes(words: str) -> str:
    return _NAMESAKES.sub(lambda found: say("reason.of_the_same_name", n=int(found[1])), words)


def _size(words: str) -> str:
    return say(f"size.{words}") if said(f"size.{words}") else words.replace("_", " ")


_TOLD: dict[str, Callable[[str], str]] = {"reason.refused": _namesakes, "reason.by_prominence": _size}
