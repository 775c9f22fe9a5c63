"""The review view beside the map: what waits for a person, one decision after the other, and what was decided before.

Nothing but the file of rulings is written, and only at its end: the next build does the rest.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import streamlit as st

from geo.dataset.queries import Selection, mentions_of, story_of
from geo.dataset.timeline import Filter
from geo.errors import GeoError
from geo.kinds import kinds
from geo.reference.gazetteer import Gazetteer
from geo.review.places import places_called
from geo.review.queue import history, queue
from geo.review.rulings import DEFAULT, Ruling, Rulings, Spot, append, read_rulings, ruling, spot_words, undoing
from geo.view import card, phrases
from geo.view.messages import say
from geo.view.visits import Visit

MOST = 50  # reports that are offered at once, and rejected ones that are listed
# What is usually the reason of a decision; words of one's own may be added or stand alone.
USUAL: Mapping[str, tuple[str, ...]] = {
    "accept": ("read_again",),
    "reject": ("no_event", "elsewhere", "old", "plan"),
    "place": ("namesake", "context"),
    "date": ("other_day",),
    "kind": ("other_kind",),
    "merge": ("same_event",),
    "split": ("other_events",),
    "same": ("same_event",),
    "apart": ("other_event",),
    "withdraw": ("mistake",),
}
_KM_NEAR, _DAYS_NEAR = 30, np.timedelta64(3, "D")  # where the same event may be told of
_ASKED = ["id", "confidence", "text_sha256", "mention_start", "mention_end"]


def file(named: str = "") -> Path:
    """Return the file of rulings: the one that the command line names, or the usual one."""
    return Path(named) if named else DEFAULT


def review(visit: Visit, shown: Selection, row: int, folder: Path, gazetteer: Path | None, file: Path) -> None:
    """Put the queue of what is shown, the selected report (by its row) with its history, and what can be decided."""
    try:
        told = read_rulings(file if file.exists() else None)
        events = _events(shown)
        waiting = queue(events[events["id"].isin(set(shown["id"]))], told)
        row = _next_one(visit, waiting, shown, row)
        _undo(told, file)
        if row >= 0:
            _decide(card.records(shown.reports.report(row))[0], shown, told, gazetteer, file)
        _rejected(told, shown, file)
    except GeoError as error:
        st.html(_fault(error))
        return
    st.html(f'<p class="fl-note">{escape(say("review.next_build"))}</p>')
    st.code(f"frontline build … --out {folder} --rulings {file}", language=None, wrap_lines=True)


def told_of(report: phrases.Record, file: Path) -> str:
    """Return what was ruled about a report as HTML, for its card; empty if nothing was, or the file cannot be read."""
    try:
        told = history([_spot(report)], _read(file, *_stamp(file)))
    except (GeoError, OSError):
        return ""  # the review view says what is wrong with it
    return told_before(told) if told else ""


def _stamp(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _read(file: Path, *stamp: int) -> Rulings:
    del stamp  # what differs when the file does
    return read_rulings(file)


# --- the queue -------------------------------------------------------------------------------------------------------


def _next_one(visit: Visit, waiting: pd.DataFrame, shown: Selection, row: int) -> int:
    """Put the queue; return the row of the report that is looked at: the selected one, after a decision the next."""
    session = st.session_state
    offered = waiting["id"].head(MOST).tolist()
    if session.get("review_onward", True) and offered:  # when the view is opened first, and after each decision
        session["review_onward"] = False
        visit.choose(selected=offered[0])
        row = shown.reports.ids.row(offered[0])
    selected = visit.chosen.selected
    index = offered.index(selected) if selected in offered else None
    here = None if index is None else selected
    st.html(f'<p class="fl-note">{escape(say("review.waiting", n=len(waiting)))}</p>')
    sure = dict(zip(waiting["id"], waiting["confidence"], strict=True))
    st.selectbox(
        say("review.next"),
        offered,
        index,
        format_func=lambda report: f"{_share(sure[report])} · {report}",
        key=visit.widgets.show("review_next", here, lambda report: visit.choose(selected=report) if report else None),
    )
    return row


def _events(shown: Selection) -> pd.DataFrame:
    """Where each report of the dataset may be ruled about, and how sure its place is."""
    if shown.reports.file is None:
        return shown.reports.everything.frame[:0].reindex(columns=_ASKED)
    return _columns(shown.reports.file)


@lru_cache(maxsize=1)
def _columns(file: Path) -> pd.DataFrame:
    return pq.read_table(file, columns=_ASKED).to_pandas()


def _share(confidence: float) -> str:
    return "?" if confidence != confidence else f"{round(100 * confidence)}"


# --- one report ------------------------------------------------------------------------------------------------------


def _decide(report: phrases.Record, shown: Selection, told: Rulings, gazetteer: Path | None, file: Path) -> None:
    """Put a report with what speaks for its place, and the form for a decision about it."""
    st.html(f"<h4>{escape(phrases.summary_words(report))}</h4>{card.quote_html(report)}{candidates(shown, report)}")
    if before := history([_spot(report)], told):
        st.html(told_before(before))
    decision = st.segmented_control(
        say("review.decision"),
        list(USUAL),
        default="accept",
        key=f"review_decision_{report['id']}",
        required=True,
        wrap=True,
        format_func=lambda each: say(f"review.decision_{each}"),
    )
    value = _VALUES.get(decision, _no_value)(report, shown, gazetteer)
    usual = st.pills(
        say("review.why"),
        USUAL[decision],
        default=USUAL[decision][0] if len(USUAL[decision]) == 1 else None,
        key=f"review_usual_{decision}_{report['id']}",
        format_func=lambda each: say(f"review_why.{each}"),
    )
    own = st.text_input(say("review.own_words"), key=f"review_why_{report['id']}")
    who = st.text_input(say("review.who"), value=st.session_state.get("reviewer", ""), key="review_who")
    st.session_state["reviewer"] = who  # stays when the view is left
    ready = value is not None
    if st.button(say(f"review.do_{decision}"), key="review_write", type="primary", disabled=not ready, width="stretch"):
        why = ", ".join(words for words in (say(f"review_why.{usual}") if usual else "", own.strip()) if words)
        made = ruling(*_at(report), decision, value or "", who=who, why=why)
        _write(file, made)


def _spot(report: phrases.Record) -> Spot:
    return report["text_sha256"], report["mention_start"], report["mention_end"]


def _at(report: phrases.Record) -> tuple[str, tuple[int, int]]:
    text, *span = _spot(report)
    return text, (span[0], span[1])


def _write(file: Path, *made: Ruling) -> None:
    warnings = append(file, *made)
    st.toast(" ".join([say("review.written", file=str(file)), *warnings]))
    st.session_state["review_onward"] = True
    st.rerun()


def candidates(shown: Selection, report: phrases.Record) -> str:
    """Return the places that the words may mean, each with what speaks for and against it, as HTML."""
    own = [m for m in mentions_of(shown.reports, report["digest"]) if m["report_id"] == report["id"]]
    lines = "".join(
        f"<li>{'<strong>' if chosen else ''}<bdi>{escape(c['name'])}</bdi> ({escape(c['place_id'])})"
        f"{'</strong>' if chosen else ''}: {escape('; '.join(map(_reason, c['evidence'] or ())))}</li>"
        for m in own[:1]
        for c in m["candidates"] or ()
        for chosen in [c["place_id"] == m["place_id"]]
    )
    return f"<ul>{lines}</ul>" if lines else ""


def _reason(evidence: dict[str, Any]) -> str:
    rule = evidence["rule"].replace("_", " ")
    return phrases.reason_words(f"{rule}: {evidence['words']}" if evidence["words"] else rule)


# --- what a decision needs besides its reason; None: it is not chosen yet --------------------------------------------


def _no_value(report: phrases.Record, shown: Selection, gazetteer: Path | None) -> str | None:
    del report, shown, gazetteer
    return ""


def _place(report: phrases.Record, shown: Selection, gazetteer: Path | None) -> str | None:
    """Ask for a name in any language, and offer the places that are called so."""
    del shown
    typed = st.text_input(say("review.value_place"), key=f"review_place_{report['id']}")
    if not typed.strip():
        return None
    opened = _gazetteer(gazetteer)
    found = places_called(typed, opened, opened.get(report["place_id"]))
    if not found:
        st.html(f'<p class="fl-note" role="status">{escape(say("review.no_place", value=typed))}</p>')
        return None
    words = {f.place.id: _place_words(f.place.id, f.km, opened) for f in found}
    return _picked(st.radio(say("review.which"), list(words), key="review_found", format_func=words.__getitem__))


def _picked(choice: Any) -> str | None:
    return None if choice is None else str(choice)


def _place_words(place_id: str, km: float | None, gazetteer: Gazetteer) -> str:
    """Return ``Vuhledar · town · Volnovakha, Donetsk · 12 km``."""
    place = gazetteer.place(place_id)
    raion = gazetteer.get(place.raion) if place.raion else None
    region = gazetteer.region_of(place)
    area = ", ".join(unit.name for unit in (raion, region) if unit and unit.id != place.id)
    kind = say(f"size.{place.kind}") if place.kind in _SIZES else place.kind.replace("_", " ")
    away = "" if km is None else f"{km:.0f} km"
    return " · ".join(words for words in (place.name, kind, area, away) if words)


_SIZES = ("city", "town", "settlement", "village", "region", "raion", "country")


@cache
def _gazetteer(folder: Path | None) -> Gazetteer:
    return Gazetteer.load(folder)


def _date(report: phrases.Record, shown: Selection, gazetteer: Path | None) -> str | None:
    del shown, gazetteer
    now = tuple(report[name] or report["published"] for name in ("date", "date_end"))
    days: Any = st.date_input(say("review.value_date"), now, key=f"review_date_{report['id']}", format="DD.MM.YYYY")
    if len(days) != 2 or days == now:  # the last day is not chosen yet, or nothing was
        return None
    return "/".join(day.isoformat() for day in dict.fromkeys(days))


def _kind(report: phrases.Record, shown: Selection, gazetteer: Path | None) -> str | None:
    del shown, gazetteer
    others = [kind for kind in kinds() if kind != report["kind"]]
    return _picked(
        st.selectbox(say("review.kind"), others, index=None, key="review_kind", format_func=lambda k: say(f"kind.{k}"))
    )


def _merge(report: phrases.Record, shown: Selection, gazetteer: Path | None) -> str | None:
    """Offer the other reports of the digest."""
    del gazetteer
    events = _events(shown)
    others = events[(events["text_sha256"] == report["text_sha256"]) & (events["id"] != report["id"])]
    spans = {row["id"]: f"{row['mention_start']}-{row['mention_end']}" for row in others.head(MOST).to_dict("records")}
    other = st.selectbox(say("review.value_merge"), list(spans), index=None, key="review_merge")
    return spans.get(str(other))


def _same(report: phrases.Record, shown: Selection, gazetteer: Path | None) -> str | None:
    """Offer reports of other digests that happened close by in those days, and are of another story."""
    del gazetteer
    table = shown.reports.table
    days = [np.datetime64(report[name], "D") for name in ("date", "date_end")]
    timely = (table["date_end"] >= days[0] - _DAYS_NEAR) & (table["date"] <= days[1] + _DAYS_NEAR)
    there = Filter(places=(report["place_id"],), within_km=_KM_NEAR, running_totals=True)
    near = timely.to_numpy(dtype=bool) & shown.reports.select(there).mask
    return _of_another_digest(report, shown, np.flatnonzero(near), "same")


def _apart(report: phrases.Record, shown: Selection, gazetteer: Path | None) -> str | None:
    """Offer the other reports of its story."""
    del gazetteer
    story = story_of(shown.reports, shown.reports.ids.row(report["id"]))
    rows = [shown.reports.ids.row(other) for other in story.reports["id"]] if story else []
    return _of_another_digest(report, shown, np.array(rows, dtype=np.int64), "apart")


def _of_another_digest(report: phrases.Record, shown: Selection, rows: Any, decision: str) -> str | None:
    found = set(shown.reports.table["id"].iloc[rows])
    events = _events(shown)
    others = events[events["id"].isin(found) & (events["text_sha256"] != report["text_sha256"])]
    spots = {
        row["id"]: spot_words((row["text_sha256"], row["mention_start"], row["mention_end"]))
        for row in others.head(MOST).to_dict("records")
    }
    if not spots:
        st.html(f'<p class="fl-note" role="status">{escape(say(f"review.none_{decision}"))}</p>')
        return None
    other = st.selectbox(say(f"review.value_{decision}"), list(spots), index=None, key=f"review_{decision}")
    if other:
        st.html(card.quote_html(card.records(shown.reports.report(shown.reports.ids.row(other)))[0]))
    return spots.get(str(other))


_VALUES = {"place": _place, "date": _date, "kind": _kind, "merge": _merge, "same": _same, "apart": _apart}


# --- what was decided ------------------------------------------------------------------------------------------------


def told_before(rulings: list[tuple[Ruling, bool]]) -> str:
    """Return the history of rulings on a report as HTML; those that no longer count are struck."""
    lines = "".join(
        f"<li><{tag}>{escape(_decided(r))}</{tag}> · "
        f"<bdi>{escape(r.who)}</bdi> · {escape(r.when[:10])} · <bdi>{escape(r.why)}</bdi></li>"
        for r, counts in rulings
        for tag in ["span" if counts else "s"]
    )
    return f'<section class="fl-ruled"><h4>{escape(say("review.history"))}</h4><ul>{lines}</ul></section>'


def _decided(ruled: Ruling) -> str:
    """Return the decision in the reader's language, and what it says."""
    return " ".join([say(f"review.decision_{ruled.decision}"), *ruled.words.split(" ")[1:]])


def _undo(told: Rulings, file: Path) -> None:
    """Offer to take the last ruling back."""
    if not told.history or told.history[-1].decision == "withdraw":
        return
    last = told.history[-1]
    words = say("review.undo", what=_decided(last), who=last.who)
    if st.button(words, key="review_undo", width="stretch"):
        _write(file, *undoing(told.history, last, who=last.who, why=say("review_why.mistake")))


def _rejected(told: Rulings, shown: Selection, file: Path) -> None:
    """List what rulings reject, newest first: in the next build it is no report, and could be found nowhere else."""
    gone = [r for text in told.texts() for r in told.on(text) if r.decision == "reject"]
    if not gone:
        return
    digests = _texts(shown)
    with st.expander(say("review.rejected", n=len(gone))):
        for ruled in sorted(gone, key=lambda r: r.when, reverse=True)[:MOST]:
            digest = digests.get(ruled.digest)
            st.html(_rejected_words(ruled, _mention(shown, digest, ruled)))
            key = f"review_back_{ruled.digest[:12]}_{ruled.start}_{ruled.end}"
            if st.button(say("review.take_back"), key=key):
                _write(file, *undoing(told.history, ruled, who=ruled.who, why=say("review_why.mistake")))


def _rejected_words(ruled: Ruling, words: str) -> str:
    return (
        f"<p><bdi>{escape(words)}</bdi><br><small><bdi>{escape(ruled.who)}</bdi> · {escape(ruled.when[:10])} · "
        f"<bdi>{escape(ruled.why)}</bdi></small></p>"
    )


def _texts(shown: Selection) -> dict[str, str]:
    """A digest of each text, by the hash of the text."""
    if shown.reports.manifest is None or shown.reports.file is None:
        return {}
    path = shown.reports.file.with_name(shown.reports.manifest.files["digests"].name)
    table = pq.read_table(path, columns=["text_sha256", "digest"]).to_pydict()
    return dict(zip(table["text_sha256"], table["digest"], strict=True))


def _mention(shown: Selection, digest: str | None, ruled: Ruling) -> str:
    """Return the words that were ruled about and where they stand: ``Vuhledar (kompas-2024-11-01, 120-128)``."""
    at = f"{digest or ruled.digest[:12]}, {ruled.start}-{ruled.end}"
    for mention in mentions_of(shown.reports, digest) if digest else ():
        if (mention["start"], mention["end"]) == ruled.span:
            return f"{mention['mention']} ({at})"
    return at


def _fault(error: GeoError) -> str:
    return f'<div class="fl-empty" role="alert">{escape(str(error))}</div>'
