"""The sidebar as widgets: the language, the filters, the downloads."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo.dataset.exports import csv_zip, to_geojson
from geo.dataset.outgoing import export_of
from geo.dataset.provenance import Provenance
from geo.dataset.queries import Selection
from geo.dataset.timeline import BY, Filter
from geo.view import choices, maps, page, storylines, webpage
from geo.view.messages import LANGUAGES, catalogue, say, spoken
from geo.view.visits import Visit


def language(visit: Visit) -> None:
    """Put the choice of the page's language."""
    st.selectbox(
        say("page.language"),
        LANGUAGES,
        LANGUAGES.index(spoken()),
        format_func=lambda code: str(catalogue(code)["language.own"]),
        label_visibility="collapsed",
        key=visit.widgets.show("language", spoken(), visit.language_chosen),
    )


def filters(visit: Visit, options: Mapping[str, Mapping[str, str]]) -> None:
    """Put all filters: search, what is offered, days, and what is asked for less often."""
    state = visit.chosen

    def key(name: str, act: Callable[..., object] = visit.filtered, value: object = None) -> str:
        return visit.widgets.show(name, getattr(state, name) if value is None else value, partial(act, name=name))

    def choice(field: str) -> None:
        chosen, act = list(getattr(state, field)), visit.place_chosen if field == "places" else visit.filtered
        offered: Any = {"format_func": options[field].__getitem__, "placeholder": say("page.any")}
        st.multiselect(say(f"filter.{field}"), list(options[field]), chosen, **offered, key=key(field, act, chosen))

    storylines.choice(state.stories, key("stories"))
    st.text_input(say("page.search"), state.text, placeholder=say("page.search_hint"), key=key("text"))
    for field in page.FILTERS[: page.FIRST_FILTERS]:
        choice(field)
        if field == "places":
            around: Any = {"step": 5, "disabled": not state.places, "key": key("within_km", visit.place_chosen)}
            st.number_input(say("filter.within"), 0, choices.FARTHEST_KM, state.within_km, **around)
    ends = {"first": say("page.from"), "last": say("page.until")}
    for column, end, day in zip(st.columns(2), ends, choices.window(state, visit.span), strict=True):
        asked: Any = {"format": "DD.MM.YYYY", "key": key(end, visit.date_typed, day)}
        column.date_input(ends[end], day, *visit.span, **asked)
    with st.expander(say("page.more_filters")):
        for field in page.FILTERS[page.FIRST_FILTERS :]:
            choice(field)
        which: Any = {"format_func": lambda by: say(f"by.{by}"), "key": key("by")}
        st.radio(say("page.which_day"), BY, BY.index(state.by), **which)
        st.toggle(say("page.totals"), state.running_totals, key=key("running_totals"))
    st.button(say("page.reset"), on_click=visit.reset, width="stretch")


def downloads(
    shown: Selection,
    days: tuple[date, date],
    chosen: Filter,
    digests: pd.DataFrame,
    provenance: Provenance,
    gazetteer: Path | None,
) -> None:
    """Put the downloads of exactly what is shown; each is made when somebody asks for it."""
    what = page.download_words(shown, *days, stories=chosen.stories)
    with st.popover(say("page.download", what=what), width="stretch", disabled=shown.empty):
        for label, name, kind, made in (
            ("GeoJSON", "reports.geojson", "application/geo+json", to_geojson),
            (say("page.csv"), "reports.zip", "application/zip", csv_zip),
        ):
            data = partial(_exported, made, shown, provenance, chosen)
            st.download_button(f"{label}: {what}", data, name, kind, on_click="ignore", width="stretch")
        if len(shown) > maps.PAGE_REPORTS:
            st.caption(say("export.html_too_many", n=maps.PAGE_REPORTS))
            return
        page_of = partial(_page, shown, provenance, chosen, digests, gazetteer, spoken())
        st.download_button(
            f"{say('export.html')}: {what}", page_of, "reports.html", "text/html", on_click="ignore", width="stretch"
        )


def _exported(made: Any, shown: Selection, provenance: Provenance, chosen: Filter) -> Any:
    """Return what a download holds; the quotes are read now."""
    return made(shown.whole(), provenance, selection=chosen.as_dict())


def _page(
    shown: Selection,
    provenance: Provenance,
    chosen: Filter,
    digests: pd.DataFrame,
    gazetteer: Path | None,
    spoken_here: str,
) -> bytes:
    export = export_of(shown.whole(), provenance, selection=chosen.as_dict())
    return b"".join(webpage.pieces(export, digests, gazetteer, spoken_here))
