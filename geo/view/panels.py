"""What can stand beside the map, as widgets: the card, charts, the digest, files that are dropped, a guide."""

from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo.dataset.queries import Selection
from geo.errors import UnreadableInput
from geo.view import card, charts, choices, page, passages, reviewing, storylines, uploads
from geo.view.messages import say, spoken
from geo.view.visits import Visit

PANELS = ("reports", "charts", "digest", "review", "upload", "line", "guide")
WATCH_SECONDS = 10
GUIDE = ("what", "marks", "why", "days", "sides", "limits")


def chosen() -> str:
    """Put the choice of what stands beside the map, and return it."""
    panel = st.pills(
        say("panel.name"),
        PANELS,
        default=PANELS[0],
        key="panel",
        required=True,
        wrap=True,
        format_func=lambda panel: say(f"panel.{panel}"),
        label_visibility="collapsed",
    )
    return str(panel)


def selected(visit: Visit, shown: Selection, row: int, rulings: Path | None) -> None:
    """Put the card of the selected report, with what was ruled about it; a way back if nothing is left over."""
    if shown.empty:
        st.html(page.empty())
        st.button(say("page.everything"), key="reset_empty", on_click=visit.reset)
    elif row >= 0:
        away = "" if shown.mask[row] else page.away()
        report = card.records(shown.reports.report(row))[0]
        permalink = choices.permalink(visit.chosen)
        ruled = reviewing.told_of(report, rulings) if rulings else ""
        told = storylines.told(shown.reports, row, report, permalink)
        st.html(away + card.card(report, permalink) + ruled + told)


def listed(
    shown: Selection,
    version: str,
    spot: Sequence[str],
    bounds: tuple[float, float, float, float] | None,
    leaf: int,
    *,
    stories: bool,
) -> dict[str, Any]:
    """Return a leaf of the list, as `page.listed` makes it; most runs of the page ask for the one of the run before."""
    return _listed(shown, (version, shown.key, spoken()), tuple(spot), bounds, leaf, stories)


@st.cache_resource(max_entries=256, show_spinner=False)
def _listed(
    _shown: Selection,
    key: Any,
    spot: tuple[str, ...],
    bounds: tuple[float, float, float, float] | None,
    leaf: int,
    stories: bool,
) -> dict[str, Any]:
    del key  # what the reports are and the language, for the cache
    return page.listed(_shown, spot=spot, bounds=bounds, leaf=leaf, stories=stories)


def chart(
    shown: Selection, version: str, days: tuple[date, date], digests: Sequence[int], state: choices.State
) -> None:
    """Put the charts of what is shown."""
    grouping = st.segmented_control(
        say("chart.by"),
        charts.GROUPINGS,
        key="grouping",
        default=charts.GROUPINGS[0],
        required=True,
        wrap=True,
        format_func=lambda each: say(f"chart.{each}"),
    )
    st.html(_charts(shown, (version, shown.key, spoken()), grouping, days, tuple(digests), state.by, state.stories))


@st.cache_resource(max_entries=32, show_spinner=False)
def _charts(
    _shown: Selection,
    key: Any,
    grouping: str,
    days: tuple[date, date],
    digests: tuple[int, ...],
    by: str,
    stories: bool,
) -> str:
    del key  # what the reports are, for the cache
    return charts.charts(_shown, grouping, *days, digests, by, stories=stories)


def digest(mentions: Sequence[passages.Mention] | None, digests: pd.DataFrame) -> None:
    """Put what became of every place that the selected report's digest names; ``digests`` has its other names."""
    if mentions is None:
        st.html(f'<p class="fl-note">{escape(say("mention.pick"))}</p>')
        return
    also = page.other_names(digests, mentions[0]["digest"])
    notes = [*([say("mention.also", names=", ".join(also))] if also else []), say("mention.hollow")]
    told = "".join(f'<p class="fl-note">{escape(note)}</p>' for note in notes)
    st.html(told + passages.rejected(mentions))


def upload(folder: Path | None, gazetteer: Path | None) -> None:
    """Put the place for a digest, and what was read in it; ``folder`` is the dataset that it could be added to."""
    size = uploads.size_words(uploads.DIGEST_BYTES)
    limit = uploads.DIGEST_BYTES // 1_000_000
    types = ["txt", "md", "html", "htm"]
    file = st.file_uploader(say("upload.drop", size=size), types, key="digest_file", max_upload_size=limit)
    published = st.date_input(say("upload.published"), value=None, format="DD.MM.YYYY", key="digest_day")
    st.html(f'<p class="fl-note">{escape(say("upload.stored"))}</p>')
    if file is None:
        uploads.prepare(gazetteer)
        return
    try:
        st.html(uploads.told(uploads.read(file.name, file.getvalue(), published, gazetteer)))
    except uploads.BadFile as error:
        st.html(_fault(error))
        return
    st.html(f'<p class="fl-note">{escape(say("upload.adds"))}</p>')
    st.code(uploads.command(file.name, folder), language=None, wrap_lines=True)


def own_line(visit: Visit) -> None:
    """Put the place for a line of the reader's own; it stays in the session."""
    size = uploads.size_words(uploads.LINE_BYTES)
    limit = uploads.LINE_BYTES // 1_000_000
    file = st.file_uploader(say("line.drop", size=size), ["geojson", "json"], key="line_file", max_upload_size=limit)
    if file is not None and file.file_id != visit.line_id:
        visit.line_id = file.file_id
        try:
            visit.line_dropped(file.name, uploads.line(file.name, file.getvalue()))
            st.rerun()
        except uploads.BadFile as error:
            visit.line_id = None
            st.html(_fault(error))
    day = visit.widgets.show("line_day", visit.line_day, visit.line_dated)
    st.date_input(say("line.date"), visit.line_day, format="DD.MM.YYYY", key=day)
    is_shown = visit.widgets.show("line_shown", visit.line_shown, visit.line_switched)
    st.toggle(say("line.show"), visit.line_shown, disabled=visit.line is None, key=is_shown)
    st.html(f'<p class="fl-note">{escape(say("line.about"))}</p>')


def guide(licences: Sequence[str]) -> None:
    """Put how the map is to be read."""
    parts = "".join(
        f"<h4>{escape(say(f'guide.{part}'))}</h4><p>{escape(say(f'guide.{part}_text'))}</p>" for part in GUIDE
    )
    lines = "".join(f"<li>{escape(line)}</li>" for line in licences)
    st.html(f'<div class="fl-guide">{parts}<h4>{escape(say("guide.licences"))}</h4><ul>{lines}</ul></div>')


@st.fragment(run_every=WATCH_SECONDS)
def watch(folder: Path, version: str) -> None:
    """Say that the dataset was built anew since this page was made; nothing changes under the reader's hands."""
    try:
        is_newer = page.version(folder) != version
    except UnreadableInput:
        return  # it is being built
    if is_newer:
        st.html(f'<div class="fl-newer" role="status">{escape(say("status_bar.newer"))}</div>')
        if st.button(say("status_bar.reload"), key="reload"):
            st.rerun()


def _fault(error: uploads.BadFile) -> str:
    return f'<div class="fl-empty" role="alert">{escape(str(error))}</div>'
