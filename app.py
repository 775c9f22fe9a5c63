"""The page: lays widgets out and decides nothing; `geo.view.page` and `geo.view.choices` decide what is shown.

frontline serve [DIR]      or      streamlit run app.py -- [DIR [GAZETTEER]]
"""

import sys
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from geo.dataset.exports import csv_zip, to_geojson
from geo.dataset.queries import open_reports
from geo.dataset.timeline import BY
from geo.errors import GeoError
from geo.view import card, choices, maps, page, phrases
from geo.view.messages import LANGUAGES, catalogue, preferred, say, spoken


@st.cache_resource(max_entries=2, show_spinner="…")
def opened(folder: Path, version: str, gazetteer: Path | None) -> tuple[Any, ...]:
    """Open a dataset, once for all sessions; a new build of it has another version."""
    del version
    reports, digests = open_reports(folder)
    events = reports.table
    return reports, digests, maps.sources(reports, digests, gazetteer), page.span(events, digests)


@st.cache_resource(max_entries=8, show_spinner=False)
def offered(folder: Path, version: str, gazetteer: Path | None, language: str) -> dict[str, dict[str, str]]:
    """Return what the filters offer, in a language."""
    del language  # it is spoken
    return page.options(opened(folder, version, gazetteer)[0].table)


def exported(export: Any, **about: Any) -> Any:
    """Return what a download holds; the quotes are read when somebody asks for it."""
    return export(shown.whole(), reports.manifest.provenance, **about)


def own_name(language: str) -> str:
    """Return what a language calls itself."""
    return str(catalogue(language)["language.own"])


def filter_box(field: str) -> None:
    """Put one filter; several values of it widen the choice."""
    words = options[field]
    follow: Any = {"on_change": choices.place_chosen, "args": (session,)} if field == "places" else {}
    called: Any = words.__getitem__
    st.multiselect(
        say(f"filter.{field}"), list(words), key=field, format_func=called, placeholder=say("page.any"), **follow
    )


st.set_page_config(
    catalogue(LANGUAGES[0])["page.title"], maps.asset("icon.svg"), layout="wide", initial_sidebar_state=300
)
st.html(f"<style>{maps.asset('page.css')}</style>")
try:
    folder, gazetteer = page.dataset_folder(*sys.argv[1:2]), page.gazetteer_folder(*sys.argv[2:3])
    own = preferred([st.context.locale or ""])
    phrases.speak_by(gazetteer, st.session_state.get("language") or preferred([st.query_params.get("lang", own)]))
    version = page.version(folder)
    reports, digests, sources, span = opened(folder, version, gazetteer)
    options = offered(folder, version, gazetteer, spoken())
except GeoError as error:
    st.html(page.problem(error))
    st.stop()
ids, session = reports.ids, st.session_state
if "begun" not in session:
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    choices.begin(session, choices.from_query(asked, {**options, "selected": ids}), span, own)
choices.fitted(session, version, options, span)

with st.sidebar:
    st.selectbox(
        say("page.language"),
        LANGUAGES,
        key="language",
        format_func=own_name,
        label_visibility="collapsed",
        on_change=choices.language_chosen,
        args=(session,),
    )
    st.text_input(say("page.search"), key="text", placeholder=say("page.search_hint"))
    for field in page.FILTERS[: page.FIRST_FILTERS]:
        filter_box(field)
    for column, key, label in zip(st.columns(2), ("first", "last"), ("page.from", "page.until"), strict=True):
        days = {"min_value": span[0], "max_value": span[1], "format": "DD.MM.YYYY"}
        column.date_input(say(label), key=key, **days, on_change=choices.dates_typed, args=(session, span))
    with st.expander(say("page.more_filters")):
        for field in page.FILTERS[page.FIRST_FILTERS :]:
            filter_box(field)
        st.radio(say("page.which_day"), BY, key="by", format_func=lambda by: say(f"by.{by}"))
        st.toggle(say("page.totals"), key="running_totals")
    st.button(say("page.reset"), on_click=choices.reset, args=(session, span), width="stretch")

state, (first, last) = choices.current(session, span), choices.window(session)
chosen = reports.select(choices.wanted(state))
shown = reports.select(choices.wanted(state, (first, last)))
if session["selected"] not in ids:
    session["selected"] = page.opening_selection(shown)

with st.sidebar.popover(
    say("page.download", what=page.download_words(shown, first, last)), width="stretch", disabled=shown.empty
):
    about = choices.wanted(state, (first, last)).as_dict()
    for label, name, kind, export in (
        ("GeoJSON", "reports.geojson", "application/geo+json", to_geojson),
        (say("page.csv"), "reports.zip", "application/zip", csv_zip),
    ):
        words = f"{label}: {page.download_words(shown, first, last)}"
        data = partial(exported, export, selection=about)
        st.download_button(words, data, file_name=name, mime=kind, on_click="ignore", width="stretch")

covered = page.digests_a_day(digests, first, last, state.by)
st.html(page.header(page.counts_line(shown, len(reports), covered), reports.manifest.sample))
left, right = st.columns([2, 1], gap="small")
with left:
    maps.components()["map"](
        key="map",
        data={
            **{name: sources[name] for name in ("map", "assets", "columns", "base", "messages")},
            "language": spoken(),
            "failed": say("map.failed", reason="{reason}"),
            "mask": maps.mask_source(chosen),
            "window": {"from": str(first), "until": str(last), "mode": session["mode"]},
            "turn": session["turn"],
            "look": session["look"],
            "view": choices.asked_view(session),
            "by": state.by,
            "colour": state.colour,
            "selected": ids.row(session["selected"] or ""),
        },
        on_window_change=lambda: choices.window_moved(session, span),
        on_view_change=lambda: choices.view_moved(session),
        on_colour_change=lambda: choices.coloured(session),
        on_picked_change=lambda: choices.picked_on_map(session, ids),
    )
with right:
    if shown.empty:
        st.html(page.empty())
        st.button(say("page.reset"), key="reset_empty", on_click=choices.reset, args=(session, span))
    elif session["selected"] in ids:
        row = ids.row(session["selected"])
        away = "" if shown.mask[row] else page.away()
        report = card.records(reports.report(row))[0]
        st.html(away + card.card(report, choices.permalink(choices.current(session, span))))
    listed = page.listed(shown, spot=session["spot"], bounds=session["bounds"])
    maps.components()["list"](
        key="list",
        data={**listed, "selected": session["selected"]},
        on_picked_change=lambda: choices.picked_in_list(session, ids),
    )
if sources["inline"]:
    maps.components()["inline"](key="inline", data=sources["inline"])
st.query_params.from_dict(choices.to_query(choices.current(session, span)))
