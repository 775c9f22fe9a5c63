"""The sidebar as widgets: the language, the filters, the downloads."""

from collections.abc import Mapping
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


def language() -> None:
    """Put the choice of the page's language."""
    st.selectbox(
        say("page.language"),
        LANGUAGES,
        key="language",
        format_func=lambda code: str(catalogue(code)["language.own"]),
        label_visibility="collapsed",
        on_change=choices.language_chosen,
        args=(st.session_state,),
    )


def filters(options: Mapping[str, Mapping[str, str]], span: choices.Span) -> None:
    """Put all filters: search, what is offered, days, and what is asked for less often."""
    session = st.session_state
    storylines.choice()
    st.text_input(say("page.search"), key="text", placeholder=say("page.search_hint"))
    for field in page.FILTERS[: page.FIRST_FILTERS]:
        _filter(field, options[field])
        if field == "places":
            st.number_input(
                say("filter.within"),
                *(0, choices.FARTHEST_KM),
                step=5,
                key="within_km",
                disabled=not session["places"],
                on_change=choices.place_chosen,
                args=(session,),
            )
    for column, key, label in zip(st.columns(2), ("first", "last"), ("page.from", "page.until"), strict=True):
        days: Any = {"min_value": span[0], "max_value": span[1], "format": "DD.MM.YYYY"}
        column.date_input(say(label), key=key, **days, on_change=choices.dates_typed, args=(session, span))
    with st.expander(say("page.more_filters")):
        for field in page.FILTERS[page.FIRST_FILTERS :]:
            _filter(field, options[field])
        st.radio(say("page.which_day"), BY, key="by", format_func=lambda by: say(f"by.{by}"))
        st.toggle(say("page.totals"), key="running_totals")
    st.button(say("page.reset"), on_click=choices.reset, args=(session, span), width="stretch")


def _filter(field: str, words: Mapping[str, str]) -> None:
    follow: Any = {"on_change": choices.place_chosen, "args": (st.session_state,)} if field == "places" else {}
    called: Any = words.__getitem__
    st.multiselect(
        say(f"filter.{field}"), list(words), key=field, format_func=called, placeholder=say("page.any"), **follow
    )


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
