"""What stands around the map, without Streamlit: phrases, filters, header, list, card, and the state in the address."""

import re
from contextvars import copy_context
from dataclasses import replace
from datetime import date
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.dataset.tables import events_table
from geo.dataset.timeline import select
from geo.kinds import kinds
from geo.model import PRECISIONS
from geo.reading.evidence import EVIDENCE
from geo.view import choices, maps, messages, page, phrases
from geo.view.card import card, popup, quote_html, records, safe_link
from geo.view.choices import State
from geo.view.visits import Visit
from tests.reports import HOSTILE, make_reports

SPAN = (date(2024, 11, 1), date(2024, 12, 4))
REPORTS = make_reports(400)


@pytest.fixture(scope="module")
def events():
    return events_table(REPORTS)


def record(**changes: Any) -> dict[str, Any]:
    """One report as the page sees it."""
    found = records(events_table([replace(REPORTS[0], **{"more_quotes": (), "via": (), **changes})]))
    return found[0]


class Parsed(HTMLParser):
    """The elements of a piece of HTML, its text, and the text inside each sort of element."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.text[tag] = self.text.get(tag, "") + data


# --- phrases ---------------------------------------------------------------------------------------------------------


def test_every_value_of_the_contract_has_a_phrase():
    """Precision, position, basis, status and the rest: nothing is left that the page would have to show as a code."""
    told = [
        *(f"precision.{value}" for value in PRECISIONS),
        *(f"where.{value}" for value in PRECISIONS),
        *(f"badge.{value}" for value in ("near", "line", "district", "region", "country", "estimated", "unchecked")),
        *(f"position.{value}" for value in ("unchecked", "estimated")),
        *(f"basis.{value}" for value in ("stated", "weekday", "relative", "briefing", "day_number", "digest")),
        *(f"{name}.{value}" for name in ("status", "status_long") for value in page.STATUSES),
        *(f"outcome.{value}" for value in ("repelled", "failed", "ongoing", "succeeded")),
        *(f"action.{value}" for value in ("seized", "retaken", "entered", "advanced")),
        *(f"stance.{value}" for value in ("same", "acknowledges", "denies")),
        *(f"means.{value}" for value in ("drone", "missile", "glide_bomb", "aircraft", "artillery", "mortar", "mine")),
        *(f"bearing.{a}{b}" for a in ("north", "south") for b in ("", "east", "west")),
        *(f"kind.{kind}" for kind in kinds()),
        *(f"family.{kind.family}" for kind in kinds().values()),
    ]

    assert [key for key in told if not messages.said(key)] == []
    assert set(phrases.sides()) == {"russia", "ukraine", "third", "none"}


def test_every_rule_that_places_a_report_has_a_reason_in_words():
    """A new rule of resolution needs a phrase before the page can show it."""
    assert [rule.__name__ for rule in EVIDENCE if not messages.said(f"reason.{rule.__name__}")] == []


def test_no_code_is_shown(events):
    """Kinds, means, reasons and all else reach the reader as words, not as names with underscores."""
    for report in records(events):
        shown = [phrases.kind_words(report), phrases.when_words(report), phrases.where_words(report)]
        shown += [phrases.badge(report), phrases.summary_words(report), *phrases.people_words(report)]
        shown += phrases.why_words(report)

        assert not re.search(r"\b[a-z]+_[a-z]+\b", " ".join(shown))


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("in stated container: Donetsk", ["It lies in the region that the text names: Donetsk"]),
        ("in theatre; event word: hit", ["It lies in a country of this war", "Words that tell what happened: “hit”"]),
        ("of_stated_kind", ["The text says what sort of place it is"]),
        ("named alone", ["Named alone"]),
        ("no X is known (near stated place: near Y (109 km); of stated kind: desa); in theatre", None),
    ],
)  # fmt: skip
def test_why_here_is_told_in_plain_words(why, words):
    """Rules become reasons with the words that gave them; what a reason itself quotes stays in one piece."""
    said = phrases.why_words(record(why=why))

    if words is None:
        assert [part.count("(") for part in said] == [2, 0]
    else:
        assert said == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 11, 5), date(2024, 11, 5), "5 Nov 2024"),
        (date(2024, 11, 1), date(2024, 11, 7), "1–7 Nov 2024"),
        (date(2024, 10, 30), date(2024, 11, 2), "30 Oct – 2 Nov 2024"),
        (date(2024, 12, 30), date(2025, 1, 2), "30 Dec 2024 – 2 Jan 2025"),
    ],
)
def test_a_span_of_days_says_nothing_twice(first, last, words):
    """Month and year stand once where both ends share them."""
    assert phrases.span_words(first, last) == words


def test_a_date_that_the_text_does_not_give_is_a_latest_date():
    """``by``: the text gives no day, so the event is no later than the digest's."""
    report = record(date="2024-11-01", date_end="2024-11-01", date_precision="by", date_basis="day_number")

    assert phrases.when_short(report) == "by 1 Nov"
    assert phrases.when_words(report).startswith("By 1 Nov 2024: the text gives no day")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"precision": "settlement"}, "where in it is not said"),
        ({"precision": "near", "bearing": None, "distance_km": None}, "Near "),
        ({"precision": "near", "bearing": "west", "distance_km": 20.0}, "20 km west of "),
        ({"precision": "region"}, "only the region is known"),
        ({"precision": "line"}, "drawn approximately"),
        ({"precision": "country"}, "the map cannot show it"),
        ({"precision": "settlement", "position": "estimated"}, "only estimated"),
    ],
)
def test_how_precise_a_place_is_stands_in_words(changes, words):
    """The card says what the symbol on the map stands for."""
    assert words in phrases.where_words(record(**changes))


def test_a_region_is_not_taken_for_the_city_of_its_name():
    """The gazetteer calls both Donetsk; the page says Donetsk oblast."""
    assert phrases.place_words(record(place="Donetsk", place_id="donetsk", precision="region")) == "Donetsk oblast"


@pytest.mark.parametrize(
    ("precision", "name", "words"),
    [
        ("region", "Донецька", "Донецька область"),
        ("region", "Республика Адыгея", "Республика Адыгея"),
        ("district", "Берестинський", "Берестинський район"),
        ("settlement", "Курская", "Курская"),
        ("settlement", None, ""),
    ],
)
def test_a_unit_has_its_whole_local_name(precision, name, words):
    """The gazetteer holds the adjective; a village that is called like one stays as it is."""
    assert phrases.local_words(record(precision=precision, place_local=name)) == words


def test_people_are_counted_as_the_text_counts_them():
    """Exact, at least, up to, from–to; nothing is never zero."""
    none = {f"{what}_{end}": None for what in ("killed", "injured") for end in ("min", "max")}
    assert phrases.people_words(record(**none)) == []
    assert phrases.people_words(record(**{**none, "killed_min": 2, "killed_max": 2})) == ["2 killed"]
    assert phrases.people_words(record(**{**none, "injured_min": 3})) == ["at least 3 injured"]
    assert phrases.people_words(record(**{**none, "injured_min": 3, "injured_max": 5})) == ["3–5 injured"]


# --- the card --------------------------------------------------------------------------------------------------------


def test_the_card_marks_the_words_that_name_the_place():
    """The quote stands whole, with exactly the mention highlighted."""
    report = record(quote="Kota Vugledar direbut.", quote_start=100, quote_end=122, mention_start=105, mention_end=113)

    parsed = Parsed(quote_html(report))

    assert parsed.text["blockquote"] == "Kota Vugledar direbut."
    assert parsed.text["mark"] == "Vugledar"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_a_digest_holds_is_shown_as_text(hostile):
    """Markup, quotes, backticks and direction marks stay text in every field of the card that a digest can fill."""
    report = record(quote=hostile, quote_start=0, quote_end=len(hostile), mention_start=0, mention_end=1)
    report |= dict.fromkeys(("outlet", "claimant", "actor", "axis", "why", "mention", "language"), hostile)
    report |= {"via": [hostile], "url": f"javascript:{hostile}"}
    report["more_quotes"] = [{"quote": hostile, "stance": "denies", "claimant": hostile}]

    parsed = Parsed(card(report, "?e=1"))

    allowed = "article p h3 span bdi blockquote mark dl dt dd ul li a br details summary strong"
    assert set(parsed.tags) <= set(allowed.split())
    assert parsed.links == ["?e=1"]
    assert parsed.text["blockquote"] == hostile + hostile


def test_direction_marks_cannot_leave_the_quote():
    """A quote is isolated: a right-to-left override in it cannot turn the words around it."""
    assert '<blockquote dir="auto"' in quote_html(record())
    assert "unicode-bidi: isolate" in maps.asset("page.css")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://news.example/a?b=1&c=<2>", True),
        ("http://news.example", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("//news.example", False),
        ("https://", False),
        ("https://news.example/\nx", False),
        ("https://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url, safe):
    """A link needs http or https, a host, and no blanks or controls."""
    assert safe_link(url) == (url if safe else None)


def test_a_report_of_unknown_actor_does_not_guess_one():
    """Who did it is shown only if the text says so."""
    assert "Done by" not in card(record(actor=None, actor_side=None), "?")


def test_a_popup_is_plain_text():
    """What a saved map shows goes in as text nodes, so it must not be escaped beforehand."""
    report = record(quote="a < b & c", quote_start=0, quote_end=9, mention_start=0, mention_end=1)

    assert popup(report)["quote"] == "a < b & c"


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_opens_with_the_newest_capture(events):
    """The card is filled without a click."""
    chosen = events[events["id"] == page.opening_selection(events)].iloc[0]

    assert chosen["kind"] == "capture"
    assert chosen["date"] == events[events["kind"] == "capture"]["date"].max()


def test_without_a_capture_the_newest_report_is_selected(events):
    """And nothing at all if there is no report."""
    others = events[events["kind"] == "shelling"]

    assert page.opening_selection(others) in set(others["id"])
    assert page.opening_selection(events.iloc[:0]) is None


def test_the_header_counts_reports_places_and_covered_days(events):
    """It says how much of the whole is shown, and of how many days there is a digest at all."""
    assert page.counts_line(events.iloc[:0], 840, [0, 1]) == "0 of 840 reports · 0 places · 1 of 2 days with a digest"
    one = events.iloc[:1]
    assert page.counts_line(one, 1, [1] * 41 + [0] * 20) == "1 of 1 report · 1 place · 41 of 61 days with a digest"


def test_a_download_says_what_it_holds(events):
    """How many reports, and of which days."""
    assert page.download_words(events.iloc[:64], date(2024, 11, 1), date(2024, 11, 7)) == "64 reports, 1–7 Nov"


def test_the_list_holds_what_the_map_shows(events):
    """Newest first, fifty at most, with what the map cannot show said in words."""
    listed = page.listed(events)

    assert listed["title"] == "400 reports"
    assert len(listed["rows"]) == page.LISTED
    assert (listed["leaf"], listed["leaves"], listed["range"]) == (0, 8, "1–50 of 400, newest first")
    assert set(listed["rows"][0]) == {"id", "shape", "colour", "status", "place", "badge", "when", "what", "who"}


def test_the_leaves_of_the_list_together_hold_every_report(events):
    """Whoever asks for a leaf beyond the last gets the last; none of nothing is none."""
    leaves = [page.listed(events, leaf=leaf) for leaf in range(8)]

    assert sorted(row["id"] for leaf in leaves for row in leaf["rows"]) == sorted(events["id"])
    assert page.listed(events, leaf=99) == leaves[-1]
    assert page.listed(events.iloc[:0], leaf=3)["leaves"] == 0


def test_the_list_follows_the_view(events):
    """Only reports inside the map's edges, and those of a whole country, which are nowhere on it."""
    seen = page.listed(events, bounds=(47.9, 37.1, 48.4, 37.4))
    ids = {row["id"] for row in seen["rows"]}
    listed = events[events["id"].isin(ids)]

    spots = listed[listed["precision"].isin(["settlement", "near", "site"])]
    assert len(spots)
    assert spots["lat"].between(47.9, 48.4).all()
    assert seen["title"].endswith(" in view")
    assert "whole country" in seen["note"]


def test_a_picked_spot_lists_its_reports(events):
    """However many lie on one spot, each is found in the list."""
    spot = events.groupby("place_id")["id"].agg(list).loc["donetsk.pokrovsk"]
    listed = page.listed(events, spot=spot)

    assert {row["id"] for row in listed["rows"]} == set(spot)
    assert listed["title"] == f"{len(spot)} reports here"
    assert listed["back"]


def test_filters_offer_only_what_occurs(events):
    """A choice that would leave nothing over is not offered; a report that says nothing can be asked for too."""
    offered = page.options(events)

    assert set(offered) == set(page.FILTERS)
    assert set(offered["kinds"]) == set(events["kind"])
    assert offered["kinds"]["air_strike"] == kinds()["air_strike"].label
    assert offered["places"]["donetsk.pokrovsk"] == "Pokrovsk (Donetsk oblast)"
    assert offered["places"]["kharkiv"] == "Kharkiv oblast"
    assert offered["actor_sides"]["unknown"] == "Not said by the text"


def test_another_gazetteer_gives_its_own_words(events, tmp_path):
    """`serve --gazetteer DIR`: filters, list and card call regions and sides what that gazetteer calls them."""
    small = Path(__file__).parent / "gazetteer"
    for name, old, new in (
        ("regions.csv", "kharkiv,Kharkiv,", "kharkiv,Sloboda,"),
        ("theatre.toml", "Russian", "Ruritan"),
    ):
        text = (small / name).read_text(encoding="utf-8")
        assert old in text
        (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")

    def spoken() -> dict[str, dict[str, str]]:
        phrases.speak_by(page.gazetteer_folder(str(tmp_path)))
        return page.options(events)

    offered = copy_context().run(spoken)

    assert offered["places"]["kharkiv"] == "Sloboda oblast"
    assert offered["places"]["kharkiv.kupiansk"] == "Kupiansk (Sloboda oblast)"
    assert offered["actor_sides"]["russia"] == "Ruritan side"
    assert page.options(events)["places"]["kharkiv"] == "Kharkiv oblast"


@pytest.mark.parametrize("field", list(page.FILTERS))
def test_every_offered_value_finds_reports(events, field):
    """What the sidebar offers is what the filter understands."""
    for value in page.options(events)[field]:
        state = State(running_totals=True, **{field: (value,)})

        assert len(select(events, choices.wanted(state))), value


# --- the state in the address ----------------------------------------------------------------------------------------

OPTIONS = {"kinds": {"capture", "shelling"}, "places": {"donetsk.pokrovsk"}, "selected": {"r1"}}
DAYS = some.none() | some.dates(date(2022, 1, 1), date(2026, 1, 1))
STATES = some.builds(
    State,
    kinds=some.lists(some.sampled_from(["capture", "shelling"]), unique=True).map(tuple),
    places=some.sampled_from([(), ("donetsk.pokrovsk",)]),
    within_km=some.integers(0, choices.FARTHEST_KM),
    text=some.text(max_size=50).filter(lambda text: not re.search("[\ud800-\udfff]", text)).map(str.strip),
    running_totals=some.booleans(),
    by=some.sampled_from(["event", "published"]),
    mode=some.sampled_from(choices.MODES),
    first=DAYS,
    last=DAYS,
    colour=some.sampled_from(choices.COLOURS),
    selected=some.sampled_from([None, "r1"]),
    view=some.sampled_from([None, (6.0, 48.8, 32.5), (10.5, 47.9847, 37.2807)]),
)


def asked(query: dict[str, Any]) -> dict[str, list[str]]:
    return {name: value if isinstance(value, list) else [value] for name, value in query.items()}


@given(STATES)
def test_an_address_brings_the_same_page_back(state):
    """Everything that was chosen stands in the address; ends that are swapped are put right."""
    days = sorted(day for day in (state.first, state.last) if day)
    wanted = replace(state, first=days[0], last=days[1]) if len(days) == 2 else state

    assert choices.from_query(asked(choices.to_query(state)), OPTIONS) == wanted


def test_the_opening_page_has_a_bare_address():
    """What is as it opens is left out."""
    assert choices.to_query(State()) == {}
    assert choices.permalink(State()) == "?"


@pytest.mark.parametrize(
    "query",
    [
        {"kind": ["nonsense"], "e": ["<script>"], "mode": ["x"], "by": ["y"], "colour": ["red"]},
        {"w": ["2024-99-99~x"], "v": ["a/b/c"], "totals": ["yes"]},
        {"w": ["~~~"], "v": ["99/0/0"]},
        {"v": ["nan/nan/nan"], "w": [""]},
        {"unknown": ["1"], "v": []},
    ],
)
def test_an_address_that_makes_no_sense_opens_the_whole(query):
    """Anyone can type anything there."""
    assert choices.from_query(query, OPTIONS) == State()


# --- what the analyst does -------------------------------------------------------------------------------------------


@pytest.fixture
def visit():
    return Visit.begun(State(), "en", SPAN, "first")


def told(visit, component: str, **values: object) -> None:
    """Run the page after a component has told something; reports a, b, c are in the table."""
    visit.hear({component: values}, ["a", "b", "c"], ["capture", "shelling"])


def done(what: object, when: int = 1) -> dict[str, object]:
    return {"what": what, "when": when}


def test_the_page_opens_on_the_whole_span_cumulative(visit):
    """Nothing is filtered out but running totals."""
    assert choices.window(visit.chosen, SPAN) == SPAN
    assert visit.chosen == State()
    assert choices.wanted(visit.chosen).running_totals is False


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ((date(2020, 1, 1), date(2030, 1, 1)), SPAN),
        ((date(2030, 1, 1), None), (SPAN[1], SPAN[1])),
        ((None, date(2020, 1, 1)), (SPAN[0], SPAN[0])),
        ((date(2024, 11, 9), date(2024, 11, 5)), (date(2024, 11, 5), date(2024, 11, 9))),
    ],
)
def test_a_window_lies_in_the_data(asked, shown):
    """Days before and after them are none; ends that are swapped are put right; an end of the data is left open."""
    state = choices.with_window(State(), *asked, SPAN)

    assert choices.window(state, SPAN) == choices.window(State(first=asked[0], last=asked[1]), SPAN) == shown
    assert state.first == (None if shown[0] == SPAN[0] else shown[0])
    assert state.last == (None if shown[1] == SPAN[1] else shown[1])


def test_the_timeline_moves_the_date_fields(visit):
    """One state of dates: what was dragged stands in the fields, and in the address."""
    told(visit, "map", window={"from": "2024-11-05", "until": "2024-11-11", "mode": "window"})

    assert choices.window(visit.chosen, SPAN) == (date(2024, 11, 5), date(2024, 11, 11))
    assert choices.to_query(visit.chosen)["w"] == "2024-11-05~2024-11-11"
    assert visit.turn == 0  # the timeline knows its own window


def test_the_date_fields_move_the_timeline(visit):
    """A first day that is not the data's makes a window; the map is told by another turn."""
    visit.date_typed(date(2024, 11, 20), "first")
    assert (visit.chosen.mode, visit.turn) == ("window", 1)

    visit.date_typed(SPAN[0], "first")
    assert (visit.chosen.mode, visit.turn) == ("cumulative", 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("window", "x"),
        ("window", {}),
        ("window", {"from": "x", "until": "y", "mode": "window"}),
        ("window", {"from": "2024-11-02", "until": "2024-11-03", "mode": "evil"}),
        ("view", 7),
        ("view", {"zoom": 7, "lat": "<b>"}),
        ("view", dict.fromkeys(("zoom", "lat", "lon", "south", "west", "north", "east"), float("nan"))),
        ("kinds", 7),
        ("colour", "red"),
        ("colour", ["family"]),
        ("picked", [0]),
        ("picked", done(7)),
        ("picked", done([[], "x", -1, 99])),
    ],
)
def test_what_a_browser_tells_and_makes_no_sense_changes_nothing(visit, name, value):
    """It may send anything."""
    told(visit, "map", **{name: value})

    assert (visit.chosen, visit.spot, visit.bounds) == (State(), [], None)


def test_what_was_told_is_heard_once(visit):
    """A component repeats with every run what it last told: only what differs was done since."""
    window = {"from": "2024-11-05", "until": "2024-11-11", "mode": "window"}
    told(visit, "map", window=window, picked=done([1]))
    visit.reset()
    visit.choose(selected="c")
    told(visit, "map", window=window, picked=done([1]))
    assert visit.chosen == State(selected="c")

    told(visit, "map", window=window, picked=done([1], when=2))
    assert visit.chosen == State(selected="b")


def test_a_click_on_a_symbol_selects_its_newest_report_and_lists_all(visit):
    """Rows come from the browser as numbers; those that do not exist are ignored."""
    told(visit, "map", picked=done([2, 0, 99, "x", -1]))
    assert (visit.chosen.selected, visit.spot) == ("c", ["c", "a"])

    told(visit, "map", picked=done([1], when=2))
    assert (visit.chosen.selected, visit.spot) == ("b", [])


def test_a_row_of_the_list_is_selected_and_the_spot_can_be_left(visit):
    """The empty id means: back to all in view."""
    visit.spot = ["a", "b"]
    told(visit, "list", picked=done("b"))
    assert (visit.chosen.selected, visit.spot) == ("b", ["a", "b"])

    told(visit, "list", picked=done(""))
    assert visit.spot == []

    told(visit, "list", picked=done("unknown"))
    told(visit, "list", picked=done(["a"]))
    assert visit.chosen.selected == "b"


def test_the_legend_switches_kinds_and_colours(visit):
    """In the order in which kinds are offered, whatever else is told."""
    told(visit, "map", kinds=["shelling", "<b>", "capture"], colour="actor")

    assert visit.chosen == State(kinds=("capture", "shelling"), colour="actor")


def test_reset_clears_the_filters_and_keeps_the_selection(visit):
    """The map is fitted anew and told the whole window."""
    visit.choose(kinds=("capture",), text="x", selected="a", mode="day", first=SPAN[1])
    visit.reset()

    assert visit.chosen == State(selected="a")
    assert (visit.turn, visit.look) == (1, 1)


def test_a_page_stays_open_over_a_new_build(visit):
    """Filters that find nothing any more are left out; ends of the window that were the data's move along."""
    offered = {field: {"capture"} for field in page.FILTERS}
    visit.choose(kinds=("capture", "gone"))
    later = (date(2024, 11, 10), date(2024, 12, 24))
    assert visit.fitted("new", offered, later)

    assert visit.chosen == State(kinds=("capture",))
    assert choices.window(visit.chosen, visit.span) == later
    assert visit.turn == 1
    assert not visit.fitted("new", offered, later)
    assert visit.turn == 1


def test_another_list_opens_at_its_first_leaf(visit):
    """What was turned stays as long as the same is listed, whatever is selected; what is no leaf is not heard."""
    assert visit.leaf_for("all") == 0
    told(visit, "list", leaf=done(3))
    visit.choose(selected="r1")
    assert visit.leaf_for("all") == 3
    for nonsense in ("<b>", -1, float("inf"), None):
        told(visit, "list", leaf=done(nonsense))
        assert visit.leaf_for("all") == 3

    visit.bounds = (47.0, 36.0, 49.0, 38.0)
    assert visit.leaf_for("all") == 0


def test_a_widget_that_should_show_something_else_is_made_anew(visit):
    """What is entered in a widget leaves it in place; what is still told of one that was replaced is not heard."""

    def key() -> str:
        return visit.widgets.show("kinds", list(visit.chosen.kinds), partial(visit.filtered, name="kinds"))

    first = key()
    visit.widgets.hear({first: ["capture"]})
    assert visit.chosen.kinds == ("capture",)
    assert key() == first

    visit.choose(kinds=())  # elsewhere
    second = key()
    assert second != first
    visit.widgets.hear({first: ["capture"]})  # the browser has not heard of the second yet
    assert visit.chosen.kinds == ()
    assert key() == second
    visit.widgets.hear({first: ["capture"], second: ["shelling"]})
    assert visit.chosen.kinds == ("shelling",)


class BrokenOff(dict[str, Any]):
    """A session as Streamlit has it: once the next run is due, it may raise whenever it is asked."""

    def __init__(self, values: dict[str, Any], after: int) -> None:
        super().__init__(values)
        self.answers = after

    def get(self, *asked: Any) -> Any:
        self.answers -= 1
        if self.answers < 0:
            raise RuntimeError("the next run is due")
        return super().get(*asked)


def test_a_run_that_is_broken_off_loses_nothing():
    """Wherever it ends: what was not heard then is heard in the next, and nothing twice."""
    window = {"from": "2024-11-05", "until": "2024-11-11", "mode": "window"}
    tells = {"map": {"window": window, "picked": done([2, 0])}, "list": {"picked": done("b")}}

    def run(visit: Visit, session: dict[str, Any]) -> None:
        visit.widgets.hear(session)
        visit.hear(session, ["a", "b", "c"], ["capture"])

    def entered_and_told(visit: Visit) -> dict[str, Any]:
        text = visit.widgets.show("text", "", partial(visit.filtered, name="text"))
        places = visit.widgets.show("places", [], partial(visit.place_chosen, name="places"))
        return {text: "Pokrovsk", places: ["donetsk"], **tells}

    whole = Visit.begun(State(), "en", SPAN, "first")
    run(whole, entered_and_told(whole))
    assert (whole.chosen.text, whole.chosen.places, whole.chosen.selected) == ("Pokrovsk", ("donetsk",), "b")
    for after in range(9):  # questions: two widgets, seven things that map and list may tell
        broken = Visit.begun(State(), "en", SPAN, "first")
        session = entered_and_told(broken)
        with pytest.raises(RuntimeError):
            run(broken, BrokenOff(session, after))
        run(broken, session)

        assert (broken.chosen, broken.spot, broken.look) == (whole.chosen, whole.spot, whole.look), after


def test_what_is_typed_before_a_reset_is_reset(visit):
    """The browser tells both at once, and Streamlit calls the button first."""
    key = visit.widgets.show("text", "", partial(visit.filtered, name="text"))
    visit.reset()
    visit.widgets.hear({key: "Pokrovsk"})

    assert visit.chosen == State()
    assert visit.widgets.show("text", "", partial(visit.filtered, name="text")) != key


def test_another_language_words_what_is_offered_anew(visit):
    """What was chosen stays; one's own language is not in the address."""
    visit.choose(kinds=("capture",))
    shown = {"kinds": ["capture"], "text": ""}
    keys = {name: visit.widgets.show(name, value, print) for name, value in shown.items()}
    visit.language_chosen("uk")

    assert (visit.chosen, visit.language) == (State(kinds=("capture",), language="uk"), "uk")
    assert visit.widgets.show("kinds", ["capture"], print) != keys["kinds"]
    assert visit.widgets.show("text", "", print) == keys["text"]
    visit.language_chosen("en")
    assert visit.chosen.language is None


@pytest.mark.parametrize("words", ["-5", "1e3", "٥", "9" * 5000, "", "x"])
def test_a_distance_in_the_address_that_is_none_is_left_out(words):
    """So is one that no map needs: it ends at the farthest."""
    assert choices.from_query({"within": [words]}, {}).within_km == 0
    assert choices.from_query({"within": ["99999"]}, {}).within_km == choices.FARTHEST_KM
