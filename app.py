"""The page: lays widgets out and decides nothing; `geo.view.page` and `geo.view.choices` decide what is shown.

frontline serve [DIR]      or      streamlit run app.py -- [DIR [GAZETTEER]]
"""

import sys
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from geo.dataset.exports import csv_zip, to_geojson
from geo.dataset.queries import Selection
from geo.errors import GeoError
from geo.view import card, choices, maps, opening, page, phrases

opened = st.cache_resource(opening.opened, max_entries=1, show_spinner="Opening the reports …")


def exported(export: Any, shown: Selection, **about: Any) -> Any:
    """Return what a download holds; the quotes are read when somebody asks for it."""
    return export(shown.whole(), shown.reports.manifest.provenance, **about)


def filter_box(field: str) -> None:
    """Put one filter; several values of it widen the choice."""
    words = options[field]
    follow = {"on_change": choices.place_chosen, "args": (session,)} if field == "places" else {}
    say = words.__getitem__
    st.multiselect(page.FILTERS[field], list(words), key=field, format_func=say, placeholder="Any", **follow)


st.set_page_config("Frontline map", maps.asset("icon.svg"), layout="wide", initial_sidebar_state=300)
st.html(f"<style>{maps.asset('page.css')}</style>")
try:
    folder, gazetteer = page.dataset_folder(*sys.argv[1:2]), page.gazetteer_folder(*sys.argv[2:3])
    phrases.speak_by(gazetteer)
    version = page.version(folder)
    reports, digests, sources, options, span = opened(folder, version, gazetteer)
except GeoError as error:
    st.html(page.problem(error))
    st.stop()
ids, session = reports.ids, st.session_state
if "begun" not in session:
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    choices.begin(session, choices.from_query(asked, {**options, "selected": ids}), span)
choices.fitted(session, version, options, span)

with st.sidebar:
    st.text_input("Search", key="text", placeholder="In quotes, places, sources")
    for field in list(page.FILTERS)[: page.FIRST_FILTERS]:
        filter_box(field)
    for column, key, label in zip(st.columns(2), ("first", "last"), ("From", "Until, included"), strict=True):
        days = {"min_value": span[0], "max_value": span[1], "format": "DD.MM.YYYY"}
        column.date_input(label, key=key, **days, on_change=choices.dates_typed, args=(session, span))
    with st.expander("More filters"):
        for field in list(page.FILTERS)[page.FIRST_FILTERS :]:
            filter_box(field)
        st.radio("Which day counts", list(phrases.BY), key="by", format_func=phrases.BY.__getitem__)
        st.toggle("Running totals and standing states", key="running_totals")
    st.button("Reset filters", on_click=choices.reset, args=(session, span), width="stretch")

state, (first, last) = choices.current(session, span), choices.window(session)
passing = reports.select(replace(choices.wanted(state), kinds=()))  # the map itself knows the kinds
shown = reports.select(choices.wanted(state, (first, last)))
if session["selected"] not in ids:
    session["selected"] = page.opening_selection(shown)

with st.sidebar.popover(f"Download {page.download_words(shown, first, last)}", width="stretch", disabled=shown.empty):
    about = choices.wanted(state, (first, last)).as_dict()
    for label, name, kind, export in (
        ("GeoJSON", "reports.geojson", "application/geo+json", to_geojson),
        ("CSV, zipped with its notice", "reports.zip", "application/zip", csv_zip),
    ):
        words = f"{label}: {page.download_words(shown, first, last)}"
        data = partial(exported, export, shown, selection=about)
        st.download_button(words, data, file_name=name, mime=kind, on_click="ignore", width="stretch")

covered = page.digests_a_day(digests, first, last, state.by)
st.html(page.header(page.counts_line(shown, len(reports), covered), reports.manifest.sample))
left, right = st.columns([2, 1], gap="small")
with left:
    maps.components()["map"](
        key="map",
        data={
            **{name: sources[name] for name in ("map", "assets", "columns", "base")},
            "mask": maps.mask_source(passing),
            "window": {"from": str(first), "until": str(last), "mode": session["mode"]},
            "turn": session["turn"],
            "look": session["look"],
            "view": choices.asked_view(session),
            "by": state.by,
            "kinds": list(state.kinds),
            "colour": state.colour,
            "selected": ids.row(session["selected"] or ""),
        },
        on_window_change=lambda: choices.window_moved(session, span),
        on_view_change=lambda: choices.view_moved(session),
        on_kinds_change=lambda: choices.kinds_switched(session, options["kinds"]),
        on_colour_change=lambda: choices.coloured(session),
        on_picked_change=lambda: choices.picked_on_map(session, ids),
    )
with right:
    if shown.empty:
        st.html(page.EMPTY)
        st.button("Reset", on_click=choices.reset, args=(session, span))
    elif session["selected"] in ids:
        row = ids.row(session["selected"])
        away = "" if shown.mask[row] else page.AWAY
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
