"""The review view beside the map: what is to be reviewed, and a form that adds a ruling to the file; nothing else."""

from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import streamlit as st

from geo.dataset.queries import Selection, mentions_of
from geo.errors import GeoError, WrongUse
from geo.kinds import kinds
from geo.reference.gazetteer import Gazetteer
from geo.review.queue import Spot, history, queue
from geo.review.rulings import DEFAULT, Ruling, append, read_rulings, ruling
from geo.view import card, phrases
from geo.view.messages import say

MOST = 50  # reports that are offered at once
DECISIONS = ("accept", "reject", "place", "date", "kind", "merge", "split", "withdraw")
_ASKED = ["id", "confidence", "text_sha256", "mention_start", "mention_end"]


def review(shown: Selection, row: int, folder: Path, gazetteer: Path | None) -> None:
    """Put the queue of what is shown, the selected report (by its row) with its history, and the form."""
    session = st.session_state
    try:
        told = read_rulings(None)
    except GeoError as error:
        st.html(_fault(error))
        return
    waiting = queue(_asked(shown), told)
    offered = waiting["id"].head(MOST).tolist()
    if offered and session["selected"] not in offered and not session.get("review_kept"):
        session["selected"] = offered[0]
        row = shown.reports.ids.row(offered[0])
    st.html(f'<p class="fl-note">{escape(say("review.waiting", n=len(waiting)))}</p>')
    sure = dict(zip(waiting["id"], waiting["confidence"], strict=True))
    st.selectbox(
        say("review.next"),
        offered,
        index=offered.index(session["selected"]) if session["selected"] in offered else None,
        key="review_next",
        format_func=lambda report: f"{_share(sure[report])} · {report}",
        on_change=_chosen,
    )
    if row < 0:
        return
    report = card.records(shown.reports.report(row))[0]
    st.html(f"<h4>{escape(phrases.summary_words(report))}</h4>{card.quote_html(report)}{candidates(shown, report)}")
    spot = (report["text_sha256"], report["mention_start"], report["mention_end"])
    if before := history([spot], told):
        st.html(told_before(before))
    _form(report, spot, gazetteer)
    st.html(f'<p class="fl-note">{escape(say("review.next_build"))}</p>')
    st.code(f"frontline build … --out {folder} --rulings {DEFAULT}", language=None, wrap_lines=True)


def _chosen() -> None:
    st.session_state.update(selected=st.session_state["review_next"], review_kept=True)


def _asked(shown: Selection) -> pd.DataFrame:
    if shown.reports.file is None:
        return shown.reports.everything.frame[:0].reindex(columns=_ASKED)
    events = _columns(shown.reports.file)
    return events[events["id"].isin(set(shown["id"]))]


@lru_cache(maxsize=1)
def _columns(file: Path) -> pd.DataFrame:
    return pq.read_table(file, columns=_ASKED).to_pandas()


def _share(confidence: float) -> str:
    return "?" if confidence != confidence else f"{round(100 * confidence)}"


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


def told_before(rulings: list[tuple[Ruling, bool]]) -> str:
    """Return the history of rulings on a report as HTML; those that no longer count are struck."""
    lines = "".join(
        f"<li><{tag}>{escape(say('review.decision_' + r.decision))} {escape(r.value)}</{tag}> · "
        f"<bdi>{escape(r.who)}</bdi> · {escape(r.when[:10])} · <bdi>{escape(r.why)}</bdi></li>"
        for r, counts in rulings
        for tag in ["span" if counts else "s"]
    )
    return f"<h4>{escape(say('review.history'))}</h4><ul>{lines}</ul>"


def _form(report: phrases.Record, spot: Spot, gazetteer: Path | None) -> None:
    decision = st.radio(
        say("review.decision"),
        DECISIONS,
        key="review_decision",
        horizontal=True,
        format_func=lambda each: say(f"review.decision_{each}"),
    )
    with st.form("review_form", border=False):
        value = _value(str(decision))
        who = st.text_input(say("review.who"), key="review_who")
        why = st.text_input(say("review.why"), key=f"review_why_{report['id']}")
        if not st.form_submit_button(say("review.write")):
            return
        try:
            _check(str(decision), value, gazetteer)
            made = ruling(spot[0], spot[1:], str(decision), value, who=who, why=why)
            warnings = append(DEFAULT, made)
        except GeoError as error:
            st.html(_fault(error))
            return
    st.toast(" ".join([say("review.written", file=str(DEFAULT)), *warnings]))
    st.session_state["review_kept"] = False
    st.rerun()


def _value(decision: str) -> str:
    if decision == "kind":
        return str(st.selectbox(say("review.kind"), list(kinds()), format_func=lambda kind: say(f"kind.{kind}")))
    if decision in ("place", "date", "merge"):
        return str(st.text_input(say(f"review.value_{decision}"), key=f"review_{decision}"))
    return ""


def _check(decision: str, value: str, gazetteer: Path | None) -> None:
    if decision != "place":
        return
    opened = Gazetteer.load(gazetteer)
    if opened.get(value.strip()) is None:
        named = sorted({name.place_id for name in opened.named(value)})
        raise WrongUse(say("review.no_place", value=value, ids=", ".join(named) or "–"))


def _fault(error: GeoError) -> str:
    return f'<div class="fl-empty" role="alert">{escape(str(error))}</div>'
