"""The page: lays widgets out and decides nothing; `geo.view.page` and `geo.view.choices` decide what is shown.

frontline serve [DIR]      or      streamlit run app.py -- [DIR [GAZETTEER [RULINGS]]]
"""

import sys
from dataclasses import replace

import streamlit as st

from geo.errors import GeoError
from geo.view import choices, maps, opening, page, panels, passages, phrases, reviewing, sidebar
from geo.view.messages import LANGUAGES, catalogue, preferred, say, spoken
from geo.view.visits import Visit

st.set_page_config(
    catalogue(LANGUAGES[0])["page.title"], maps.asset("icon.svg"), layout="wide", initial_sidebar_state=300
)
st.html(f"<style>{maps.asset('page.css')}</style>")
own, asked = preferred([st.context.locale or ""]), {name: st.query_params.get_all(name) for name in st.query_params}
visit: Visit | None = st.session_state.get("visit")
if visit:
    visit.widgets.hear(st.session_state)
try:
    folder, gazetteer = page.dataset_folder(*sys.argv[1:2]), page.gazetteer_folder(*sys.argv[2:3])
    rulings = reviewing.file(*sys.argv[3:4])
    phrases.speak_by(gazetteer, visit.language if visit else preferred([*asked.get("lang", ()), own]))
    version = page.version(folder)
    with st.spinner(say("page.opening")):
        reports, digests, manifest, sources, span = opening.opened(folder, version, gazetteer)
    options = opening.offered(folder, version, gazetteer, spoken())
except GeoError as error:
    st.html(page.problem(error))
    st.stop()
ids = reports.ids
if not visit:
    visit = Visit.begun(choices.from_query(asked, {**options, "selected": ids}), own, span, version)
    st.session_state["visit"] = visit
is_newer = visit.fitted(version, options, span)
if is_newer:
    st.toast(say("status_bar.newer"))
visit.hear(st.session_state, () if is_newer else ids, options["kinds"])  # rows of other data are not these

is_public = bool(manifest.provenance.publication)
state = visit.chosen
first, last = choices.window(state, span)
passing = reports.select(replace(choices.wanted(state), kinds=()))  # the map itself knows the kinds
wanted = choices.wanted(state, (first, last))
if state.selected not in ids:
    state = visit.choose(selected=page.opening_selection(reports.select(wanted)))
row = ids.row(state.selected or "")

head = st.container()  # filled after the map, which need not wait for what is counted there
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
            "turn": visit.turn,
            "look": visit.look,
            "view": choices.view_of(visit.asked_view),
            "by": state.by,
            "unit": "stories" if state.stories else "reports",
            "kinds": list(state.kinds),
            "colour": state.colour,
            "selected": row,
            "line": maps.line_source(visit.line, visit.line_day, visit.line_shown),
            "losers": passages.losers(mentions, state.selected, gazetteer) if mentions else [],
        },
    )
shown = reports.select(wanted)
covered = page.digests_a_day(digests, first, last, state.by)
counts = page.counts_line(shown, len(reports), covered, stories=state.stories)
head.html(page.header(counts, manifest.sample, manifest.provenance.publication))
with st.sidebar:  # after the map, too: what was chosen here is in the session already
    sidebar.language(visit)
    sidebar.filters(visit, options)
    sidebar.downloads(shown, (first, last), wanted, digests, manifest.provenance, gazetteer)
with right:
    if panel == "charts":
        panels.chart(shown, version, (first, last), covered, state)
    elif panel == "digest":
        panels.digest(mentions, digests)
    elif panel == "review" and not is_public:
        reviewing.review(visit, shown, row, folder, gazetteer, rulings)
    elif panel == "upload":
        panels.upload(None if manifest.sample else folder, gazetteer)
    elif panel == "line":
        panels.own_line(visit)
    elif panel == "guide":
        panels.guide(sources["credits"])
    else:
        panels.selected(visit, shown, row, None if is_public else rulings)
        maps.components()["list"](
            key="list",
            data={
                **panels.listed(
                    shown,
                    version,
                    visit.spot,
                    visit.bounds,
                    visit.leaf_for(shown.key),
                    stories=state.stories,
                ),
                "selected": state.selected,
            },
        )
if sources["inline"]:
    maps.components()["inline"](key="inline", data=sources["inline"])
st.query_params.from_dict(choices.to_query(visit.chosen))
panels.watch(folder, version)
