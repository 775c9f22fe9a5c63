"""Stories on the page: whether reports or stories are shown, who else tells of the same event, what is said of a place.

Text from digests is escaped, as on the card.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from geo.dataset.queries import Reports, Story, stories_at, story_of
from geo.dataset.stories import STANCES
from geo.kinds import kinds
from geo.view import phrases
from geo.view.card import records
from geo.view.messages import say
from geo.view.phrases import Record

MOST = 30  # reports of one story, and stories of one place, that are listed
_TERRITORY = "territory"  # the family of kinds that say who took or left a place


def choice(stories: bool, key: str) -> None:
    """Put the choice of what is shown: every report, or one of each story."""
    st.segmented_control(
        say("story.shown"),
        (False, True),
        default=stories,
        key=key,
        required=True,
        format_func=lambda stories: say("story.stories") if stories else say("story.reports"),
        help=say("story.help"),
        width="stretch",
    )


def told(reports: Reports, row: int, report: Record, permalink: str) -> str:
    """Return as HTML who else tells of the event of a report, and what is said of its place over time; may be empty."""
    story = story_of(reports, row)
    at_place = stories_at(reports, report["place_id"], [key for key, k in kinds().items() if k.family == _TERRITORY])
    return (_story(story, report, permalink) if story else "") + _place(at_place, report, permalink)


# --- one story -------------------------------------------------------------------------------------------------------


def _story(story: Story, report: Record, permalink: str) -> str:
    members = records(story.reports)
    contested = f"<p><strong>{say('story.contested')}</strong></p>" if story.says["contested"] else ""
    origins = [f"<bdi>{escape(name)}</bdi>" for name in _origins(story.says["origins"], members)]
    sources = escape(say("story.origins", n=len(origins), who="{who}")).replace("{who}", ", ".join(origins))
    others = [other for other in members if other["id"] != report["id"]]
    listed = "".join(_other(other, permalink) for other in others[:MOST])
    left = len(others) - MOST
    more = f"<p>{escape(say('count.other_reports', n=left))}</p>" if left > 0 else ""
    return (
        f'<section class="fl-story"><h4>{escape(say("story.title", n=len(members)))}</h4>{contested}<p>{sources}</p>'
        f"<dl>{''.join(_firsts(story.says['firsts']))}</dl>"
        f"<details><summary>{escape(say('story.others', n=len(others)))}</summary>{listed}{more}</details></section>"
    )


def _origins(origins: Iterable[str], members: Iterable[Record]) -> list[str]:
    """Return the sources behind a story in the words of a report; an outlet has its name."""
    named = {r["claimant_id"]: r["claimant"] for r in members if r["claimant_id"] and r["claimant"]}
    return [str(named.get(origin, origin)) for origin in origins]


def _firsts(firsts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield who was the first of each side to report, claim, acknowledge or deny it."""
    for stance in STANCES:
        said = [
            f"{_said_by(first)}, {phrases.day_words(first['said'])}" for first in firsts if first["stance"] == stance
        ]
        if said:
            yield f"<dt>{escape(say(f'story.first_{stance}'))}</dt><dd>{'<br>'.join(said)}</dd>"


def _said_by(first: Mapping[str, Any]) -> str:
    side = "" if first["side"] in (None, "none") else phrases.sides().get(first["side"], "")
    words = [word for word in (first["claimant"], side) if word] or [say("card.no_source")]
    return " · ".join(f"<bdi>{escape(str(word))}</bdi>" for word in words)


def _other(report: Record, permalink: str) -> str:
    told_on = (
        report["outlet"] or say("card.outlet_unknown"),
        report["published"] and phrases.day_words(report["published"]),
    )
    who = " · ".join(f"<bdi>{escape(str(word))}</bdi>" for word in (*told_on, phrases.claim_words(report)) if word)
    link = f'<p><a href="{escape(_with(permalink, report["id"]))}">{who}</a></p>'
    if not report["quote"]:  # withheld by the rules of publication
        return link
    return (
        f'{link}<blockquote dir="auto" lang="{escape(report["language"] or "")}">{escape(report["quote"])}</blockquote>'
    )


def _with(permalink: str, report: str) -> str:
    """Return the address of the page with another report selected."""
    kept = [(name, value) for name, value in parse_qsl(permalink.removeprefix("?")) if name != "e"]
    return "?" + urlencode([*kept, ("e", report)])


# --- one place over time ---------------------------------------------------------------------------------------------


def _place(stories: Sequence[Mapping[str, Any]], report: Record, permalink: str) -> str:
    """Return who is said to have taken or left a place, day by day, the sides beside each other."""
    if not stories:
        return ""
    every = [first for story in stories for first in story["firsts"]]
    sides = [side for side in phrases.sides() if any((first["side"] or "none") == side for first in every)]
    heads = "".join(f"<th>{escape(phrases.sides()[side])}</th>" for side in sides)
    rows = "".join(_row(story, sides, permalink) for story in stories[-MOST:])
    title = say("story.place", place=phrases.place_words(report))
    return (
        f'<section class="fl-story"><details><summary>{escape(title)}</summary><table><tr><th></th>{heads}</tr>{rows}'
        f"</table><p>{escape(say('story.place_note'))}</p></details></section>"
    )


def _row(story: Mapping[str, Any], sides: Sequence[str], permalink: str) -> str:
    days = phrases.span_words(story["date"], story["date_end"])
    what = phrases.kind_words({**story, "means": None, "outcome": None})
    cells = "".join(f"<td>{_cell(story['firsts'], side)}</td>" for side in sides)
    link = escape(_with(permalink, story["story"]))
    return f'<tr><th scope="row"><a href="{link}">{escape(days)}</a><br>{escape(what)}</th>{cells}</tr>'


def _cell(firsts: Sequence[Mapping[str, Any]], side: str) -> str:
    said = [first for first in firsts if (first["side"] or "none") == side]
    return "<br>".join(map(_in_cell, said))


def _in_cell(first: Mapping[str, Any]) -> str:
    words = f"{say('story.' + first['stance'])} {phrases.day_words(first['said'], year=False)}"
    who = f": <bdi>{escape(first['claimant'])}</bdi>" if first["claimant"] else ""
    return escape(words) + who
