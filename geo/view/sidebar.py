"""The sidebar as widgets: the language, the filters, the downloads."""

from collections.abc import Callable, Mapping, Sequence
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
from geo.view import acts, choices, maps, page, storylines, webpage, widgets
from geo.view.messages import LANGUAGES, catalogue, say, spoken


def language() -> None:
    """Put the choice of the page's language."""
    st.selectbox(
        say("page.language"),
        LANGUAGES,
        LANGUAGES.index(spoken()),
        format_func=lambda code: str(catalogue(code)["language.own"]),
        label_visibility="collapsed",
        **widgets.shows(st.session_state, "language", spoken(), acts.language_chosen),
    )


def filters(state: choices.State, options: Mapping[str, Mapping[str, str]], span: choices.Span) -> None:
    """Put all filters: search, what is offered, days, and what is asked for less often."""
    storylines.choice(stories=state.stories, **_shows("stories", state.stories))
    st.text_input(say("page.search"), state.text, placeholder=say("page.search_hint"), **_shows("text", state.text))
    for field in page.FILTERS[: page.FIRST_FILTERS]:
        _filter(field, options[field], getattr(state, field))
        if field == "places":
            st.number_input(
                say("filter.within"),
                *(0, choices.FARTHEST_KM),
                state.within_km,
                step=5,
                disabled=not state.places,
                **_shows("within_km", state.within_km, acts.place_chosen),
            )
    ends = zip(st.columns(2), ("first", "last"), choices.window(state, span), ("page.from", "page.until"), strict=True)
    for column, end, day, label in ends:
        column.date_input(say(label), day, *span, format="DD.MM.YYYY", **_shows(end, day, acts.date_typed))
    with st.expander(say("page.more_filters")):
        for field in page.FILTERS[page.FIRST_FILTERS :]:
            _filter(field, options[field], getattr(state, field))
        which: Any = {"format_func": lambda by: say(f"by.{by}"), **_shows("by", state.by)}
        st.radio(say("page.which_day"), BY, BY.index(state.by), **which)
        st.toggle(say("page.totals"), state.running_totals, **_shows("running_totals", state.running_totals))
    st.button(say("page.reset"), on_click=acts.reset, args=(st.session_state,), width="stretch")


def _filter(field: str, words: Mapping[str, str], chosen: Sequence[str]) -> None:
    asked: Any = {"format_func": words.__getitem__, "placeholder": say("page.any")}
    shows = _shows(field, list(chosen), acts.place_chosen if field == "places" else acts.filtered)
    st.multiselect(say(f"filter.{field}"), list(words), list(chosen), **asked, **shows)


def _shows(name: str, value: object, act: Callable[..., None] = acts.filtered) -> dict[str, Any]:
    """Return what makes a widget show what is chosen under a name of `State`, and choose what is entered in it."""
    return widgets.shows(st.session_state, name, value, partial(act, name=name))


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
