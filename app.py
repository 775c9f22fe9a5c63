"""The page: lays widgets out and decides nothing; `geo.view.page` and `geo.view.choices` decide what is shown.

frontline serve [DIR]      or      streamlit run app.py -- [DIR [GAZETTEER [RULINGS]]]
"""

import sys
from dataclasses import replace

import streamlit as st

from geo.errors import GeoError
from geo.view import acts, choices, maps, opening, page, panels, passages, phrases, reviewing, sidebar
from geo.view.messages import LANGUAGES, catalogue, preferred, say, spoken

st.set_page_config(
    catalogue(LANGUAGES[0])["page.title"], maps.asset("icon.svg"), layout="wide", initial_sidebar_state=300
)
st.html(f"<style>{maps.asset('page.css')}</style>")
session = st.session_state
try:
    folder, gazetteer = page.dataset_folder(*sys.argv[1:2]), page.gazetteer_folder(*sys.argv[2:3])
    rulings = reviewing.file(*sys.argv[3:4])
    own = preferred([st.context.locale or ""])
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    phrases.speak_by(gazetteer, acts.language(session) or preferred([*asked.get("lang", ()), own]))
    version = page.version(folder)
    with st.spinner(say("page.opening")):
        reports, digests, manifest, sources, span = opening.opened(folder, version, gazetteer)
    options = opening.offered(folder, version, gazetteer, spoken())
except GeoError as error:
    st.html(page.problem(error))
    st.stop()
ids = reports.ids
if "chosen" not in session:
    acts.begin(session, choices.from_query(asked, {**options, "selected": ids}), span, own)
if acts.fitted(session, version, options, span):
    st.toast(say("status_bar.newer"))

is_public = bool(manifest.provenance.publication)
state = session["chosen"]
first, last = choices.window(state, span)
passing = reports.select(replace(choices.wanted(state), kinds=()))  # the map itself knows the kinds
wanted = choices.wanted(state, (first, last))
shown = reports.select(wanted)
if state.selected not in ids:
    state = acts.choose(session, selected=page.opening_selection(shown))
row = ids.row(state.selected or "")

covered = page.digests_a_day(digests, first, last, state.by)
counts = page.counts_line(shown, len(reports), covered, stories=state.stories)
st.html(page.header(counts, manifest.sample, manifest.provenance.publication))
left, right = st.columns([9, 5], gap="small")
with right:
    panel = panels.chosen()
mentions = page.mentions_of_selected(reports, state.selected) if panel == "digest" else None
with left:
    maps.components()["map"](
        key="map",
        data={
            **{name: sources[name] for name in ("map", "assets", "columns", "base", "messages")},
            "tiles": maps.TILES,
            "language": spoken(),
            "failed": say("map.failed", reason="{reason}"),
            "mask": maps.mask_source(passing),
            "window": {"from": str(first), "until": str(last), "mode": state.mode},
            "turn": session["turn"],
            "look": session["look"],
            "view": acts.asked_view(session),
            "by": state.by,
            "unit": "stories" if state.stories else "reports",
            "kinds": list(state.kinds),
            "colour": state.colour,
            "selected": row,
            "line": maps.line_source(session["line"], session["line_day"], session["line_shown"]),
            "losers": passages.losers(mentions, state.selected, gazetteer) if mentions else [],
        },
        on_window_change=lambda: acts.window_moved(session),
        on_view_change=lambda: acts.view_moved(session),
        on_kinds_change=lambda: acts.kinds_switched(session, options["kinds"]),
        on_colour_change=lambda: acts.coloured(session),
        on_picked_change=lambda: acts.picked_on_map(session, ids),
    )
with st.sidebar:  # after the map, which need not wait for it: what was chosen here is in the session already
    sidebar.language()
    sidebar.filters(state, options, span)
    sidebar.downloads(shown, (first, last), wanted, digests, manifest.provenance, gazetteer)
with right:
    if panel == "charts":
        panels.chart(shown, version, (first, last), covered, state)
    elif panel == "digest":
        panels.digest(mentions, digests)
    elif panel == "review" and not is_public:
        reviewing.review(shown, row, folder, gazetteer, rulings)
    elif panel == "upload":
        panels.upload(None if manifest.sample else folder, gazetteer)
    elif panel == "line":
        panels.own_line()
    elif panel == "guide":
        panels.guide(sources["credits"])
    else:
        panels.selected(shown, row, choices.permalink(state), None if is_public else rulings)
        maps.components()["list"](
            key="list",
            data={
                **panels.listed(
                    shown,
                    version,
                    session["spot"],
                    session["bounds"],
                    acts.leaf(session, shown.key),
                    stories=state.stories,
                ),
                "selected": state.selected,
            },
            on_picked_change=lambda: acts.picked_in_list(session, ids),
            on_leaf_change=lambda: acts.leaf_turned(session),
        )
if sources["inline"]:
    maps.components()["inline"](key="inline", data=sources["inline"])
st.query_params.from_dict(choices.to_query(session["chosen"]))
panels.watch(folder, version)
