"""What the page calls things: a phrase for every value of a report, so that no internal code is ever shown.

Kinds and families are named in ``kinds.toml``, sides in ``gazetteer/theatre.toml``; the rest is here.
"""

import csv
import re
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from geo.kinds import kinds
from geo.paths import bundled

Record = Mapping[str, Any]  # one report: the columns of the table as plain values, None for unknown

PRECISION = {
    "site": "a named site",
    "settlement": "a settlement",
    "near": "near a settlement",
    "district": "only the district",
    "region": "only the region",
    "line": "a direction or a line",
    "country": "only the country",
}
POSITION = {
    "checked": "",
    "unchecked": "The position in the gazetteer is not checked.",
    "estimated": "The position is only estimated from neighbouring settlements.",
}
BASIS = {
    "stated": "the text gives the date",
    "weekday": "from the weekday that the text names",
    "relative": "from a word like “yesterday” or “overnight”",
    "briefing": "the day that the briefing covers",
    "day_number": "from the number of the day of the war",
    "digest": "from the day of the digest itself",
}
STATUS = {
    "claimed": "Claimed: a named source says so",
    "reported": "Reported in the outlet’s own voice, no source named",
    "acknowledged": "Acknowledged by the other party in the same text",
    "disputed": "Disputed: the other party denies it in the same text",
}
OUTCOME = {
    "repelled": "said to be repelled",
    "failed": "said to have failed",
    "ongoing": "said to be going on",
    "succeeded": "said to have succeeded",
}
ACTION = {"seized": "Capture", "retaken": "Recapture", "entered": "Entry", "advanced": "Advance"}
MEANS = {
    "drone": "drone",
    "missile": "missile",
    "glide_bomb": "glide bomb",
    "aircraft": "aircraft",
    "artillery": "artillery",
    "mortar": "mortar",
    "mine": "mine",
}
STANCE = {
    "same": "Also says so",
    "acknowledges": "The other party acknowledges it",
    "denies": "The other party denies it",
}
LANGUAGE = {"id": "Indonesian", "en": "English", "uk": "Ukrainian", "ru": "Russian"}
BY = {"event": "Day of the event", "published": "Day of publication"}
# Why a report stands where it does: the rules of `resolution`, as reasons that a person can follow.
# {} is where the words stand that decided.
REASON = {
    "of_stated_kind": "The text says what sort of place it is: {}",
    "in_stated_container": "It lies in the region that the text names: {}",
    "near_stated_place": "It lies close to a place that the text names: {}",
    "on_stated_axis": "It lies on the direction that the text names: {}",
    "beside_neighbours": "It lies close to another place of the same list: {}",
    "one_of_many_skies": "Several places are named with “{}”: oblasts are meant",
    "around_finer_place": "The text uses it to say where {} lies",
    "same_name_elsewhere": "The digest means the same place by this name elsewhere: {}",
    "of_named_city": "It is a district of a city that the digest names: {}",
    "far_from_its_list": "It lies far from the other places of the same list: {}",
    "in_document": "The digest speaks of places around it: {}",
    "in_theatre": "It lies in a country of this war",
    "in_active_area": "Much was reported from around it in those weeks",
    "by_spelling": "The spelling is one of its names: {}",
    "by_prominence": "Its size ({}): a larger place is meant more often than a small one",
    "event_word": "Words that tell what happened: “{}”",
    "refused": "The text contradicts other places: {}",
    "unknown_name": "The gazetteer does not know the name: {}",
    "all_vetoed": "The text contradicts every place of that name: {}",
    "unsupported": "Nothing in the text puts it where a place of that name is known: {}",
    "low_margin": "Two places fit about as well: {}",
    "ruling": "A person decided: {}",
}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_OBLAST_ENDINGS = ("ська", "цька", "зька", "ская", "цкая")
_PARTS = re.compile(r"; (?![^()]*\))")  # not inside brackets, where a reason gives its own reasons
_CODE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


_GAZETTEER: ContextVar[Path | None] = ContextVar("gazetteer", default=None)


def speak_by(gazetteer: Path | None) -> None:
    """Take the words for regions and sides from this gazetteer (None: the bundled one), in this run of the page."""
    _GAZETTEER.set(gazetteer)


def sides() -> dict[str, str]:
    """Return the label of each side: the parties of the theatre, then third parties and none."""
    return _sides(_GAZETTEER.get() or bundled("gazetteer"))


def regions() -> dict[str, str]:
    """Return what to call each region, by its id: the gazetteer has only the bare name ("Donetsk")."""
    return _regions(_GAZETTEER.get() or bundled("gazetteer"))


@cache
def _sides(folder: Path) -> dict[str, str]:
    theatre = tomllib.loads((folder / "theatre.toml").read_text(encoding="utf-8"))
    return {
        side: f"{row['demonym']} side" if "demonym" in row else row["label"] for side, row in theatre["parties"].items()
    }


@cache
def _regions(folder: Path) -> dict[str, str]:
    with (folder / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: _unit(row["name"], row["name_local"]) for row in csv.DictReader(file) if row["kind"] == "region"
        }


def _unit(name: str, name_local: str) -> str:
    # Oblasts are called by an adjective, so their own name ends like one; krais and republics say what they are.
    is_oblast = name_local.endswith(_OBLAST_ENDINGS)
    return f"{name} oblast" if is_oblast and "oblast" not in name.lower() else name


def region_words(report: Record) -> str | None:
    """Return the region that a report lies in, or None: ``Donetsk oblast``."""
    return regions().get(report["place_id"].partition(".")[0], report["region"])


def place_words(report: Record) -> str:
    """Return the name of the place so that a region is not taken for the city of the same name."""
    if report["precision"] == "region":
        return region_words(report) or str(report["place"])
    if report["precision"] == "district" and "raion" not in report["place"]:
        return f"{report['place']} raion"
    return str(report["place"])


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
    return "Not said by the text" if side in (None, "none") else sides()[str(side)]


def day_words(day: date, year: bool = True) -> str:
    """Return ``5 Nov 2024``."""
    return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


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
    return f"by {words}" if report["date_precision"] == "by" else words


def when_words(report: Record) -> str:
    """Return when it happened and how that is known."""
    span = span_words(report["date"], report["date_end"])
    basis = BASIS[report["date_basis"]]
    if report["date_precision"] == "by":
        return f"By {span}: the text gives no day ({basis})"
    return f"{span}: {basis}"


def where_words(report: Record) -> str:
    """Return how precisely the place is known, and how far the words reach."""
    words = _PLACED[report["precision"]](report)
    if report["radius_km"] is not None and report["precision"] in ("site", "settlement", "near"):
        words += f" The circle shows {_km(report['radius_km'])} around."
    return " ".join(filter(None, (words, POSITION[report["position"]] if report["precision"] in _SPOTS else "")))


_SPOTS = ("site", "settlement", "near")
_PLACED = {
    "site": lambda r: f"At {place_words(r)}, a named site.",
    "settlement": lambda r: f"In {place_words(r)}; where in it is not said.",
    "near": lambda r: f"{_offset(r)} {place_words(r)}; no finer place is given.",
    "district": lambda r: f"Somewhere in {place_words(r)}: only the district is known.",
    "region": lambda r: f"Somewhere in {place_words(r)}: only the region is known.",
    "line": lambda r: f"{place_words(r)}: a direction or a line, drawn approximately.",
    "country": lambda r: f"{place_words(r)}: only the country is known, so the map cannot show it.",
}


def _offset(report: Record) -> str:
    """Return ``20 km west of``, as far as the text says so."""
    distance = f"{_km(report['distance_km'])} " if report["distance_km"] else ""
    if report["bearing"]:
        return f"{distance}{report['bearing']} of".capitalize()
    return f"{distance}from".capitalize() if distance else "Near"


def _km(distance: float) -> str:
    return f"{distance:g} km"


def badge(report: Record) -> str:
    """Return a word of warning for the list where the place is no plain spot, else nothing."""
    if report["precision"] in ("site", "settlement"):
        return {"estimated": "position estimated", "unchecked": "position not checked"}.get(report["position"], "")
    return {"near": "near", "line": "approximate"}.get(report["precision"], PRECISION[report["precision"]])


def claim_words(report: Record) -> str:
    """Return who says so and on which side that is."""
    if not report["claimant"]:
        return "No source named" if report["status"] == "reported" else sides()[report["claimant_side"]]
    side = "" if report["claimant_side"] == "none" else f" · {sides()[report['claimant_side']]}"
    relay = f" (via {', '.join(report['via'])})" if len(report["via"]) else ""
    return f"{report['claimant']}{side}{relay}"


def kind_words(report: Record) -> str:
    """Return what happened: kind, then action, means and outcome as far as the text says."""
    what = ACTION.get(report["action"], kinds()[report["kind"]].label)
    return " · ".join(filter(None, (what, MEANS.get(report["means"]), OUTCOME.get(report["outcome"]))))


def people_words(report: Record) -> list[str]:
    """Return numbers of killed and injured as the text says; nothing is never zero."""
    found = []
    for what in ("killed", "injured"):
        low, high = report[f"{what}_min"], report[f"{what}_max"]
        if low is not None or high is not None:
            number = f"{low}–{high}" if None not in (low, high) and low != high else str(high if low is None else low)
            at = "at least " if high is None else "up to " if low is None else ""
            found.append(f"{at}{number} {what}")
    return found


def why_words(report: Record) -> list[str]:
    """Return why the report stands at this place: each reason with the words that gave it."""
    return [_reason(part) for part in _PARTS.split(str(report["why"])) if part.strip()]


def _reason(part: str) -> str:
    rule, _, words = part.partition(": ")
    phrase = REASON.get(rule.strip().replace(" ", "_"))
    if phrase is None:
        return _CODE.sub(lambda code: code.group().replace("_", " "), part[:1].upper() + part[1:])
    return phrase.replace("{}", words.strip()).removesuffix(": ")
