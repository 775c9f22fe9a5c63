"""One report as words: the card of the page, and the popup of a saved map.

Text from digests becomes HTML here and nowhere else, and is escaped.
"""

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from geo.kinds import kinds
from geo.view import phrases
from geo.view.phrases import Record


def records(events: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values: None for unknown, days as ``date``, whole numbers as ``int``."""
    table = {str(name): [_plain(value) for value in events[name]] for name in events.columns if name != "geometry"}
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple) or (hasattr(value, "tolist") and getattr(value, "ndim", False)):
        return list(value)
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date() if value.tzinfo is None else value.isoformat()
    return value.item() if hasattr(value, "item") else value


def card(report: Record, permalink: str) -> str:
    """Return one report as HTML: what, where, when, who says so, in which words, and why it stands here."""
    kind = kinds()[report["kind"]]
    name = phrases.local_words(report)
    local = f' <span class="fl-local"><bdi>{escape(name)}</bdi></span>' if name else ""
    region = phrases.region_words(report) if report["precision"] != "region" else None
    where = " · ".join(escape(words) for words in (region, phrases.when_short(report, year=True)) if words)
    facts = [
        ("Claimed by", f"<bdi>{escape(phrases.claim_words(report))}</bdi>"),
        ("Done by", _actor(report)),
        ("Status", escape(phrases.STATUS[report["status"]])),
        ("People", escape(", ".join(phrases.people_words(report)))),
        ("Total", "A running total or a standing state, not one event" if report["running_total"] else ""),
        ("Date", escape(phrases.when_words(report))),
        ("Place", escape(phrases.where_words(report))),
        ("Direction", escape(report["axis"] or "")),
        ("Why here", "<br>".join(f"<bdi>{escape(reason)}</bdi>" for reason in phrases.why_words(report))),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value)
    return (
        f'<article class="fl-card" style="--fl-family:{escape(kind.colour)}">'
        f'<p class="fl-kind">{escape(phrases.kind_words(report))}</p>'
        f"<h3><bdi>{escape(phrases.place_words(report))}</bdi>{local}</h3>"
        f'<p class="fl-where">{where}</p>'
        f"{quote_html(report)}{_source(report)}{_further(report)}<dl>{rows}</dl>"
        f'<p class="fl-links"><a href="{escape(permalink)}">Link to this report</a></p></article>'
    )


def quote_html(report: Record) -> str:
    """Return the quote with the words that name the place marked; direction marks in it cannot leave it."""
    quote, start = report["quote"], report["quote_start"]
    first, last = report["mention_start"] - start, report["mention_end"] - start
    marked = f"{escape(quote[:first])}<mark>{escape(quote[first:last])}</mark>{escape(quote[last:])}"
    return f'<blockquote dir="auto" lang="{escape(report["language"] or "")}">{marked}</blockquote>'


def _source(report: Record) -> str:
    language = phrases.LANGUAGE.get(report["language"], report["language"])
    published = f"published {phrases.day_words(report['published'])}" if report["published"] else None
    told = [escape(str(words)) for words in (report["outlet"] or "Outlet not known", language, published) if words]
    link = safe_link(report["url"])
    if link:
        told.append(f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer">Read the digest</a>')
    sample = "<br><strong>Written for this project: no source</strong>" if report["sample"] else ""
    return f'<p class="fl-source"><bdi>{" · ".join(told)}</bdi>{sample}</p>'


def _further(report: Record) -> str:
    quotes = "".join(
        f'<p class="fl-stance">{escape(phrases.STANCE[q["stance"]])}{_by(q)}</p>'
        f'<blockquote dir="auto" lang="{escape(report["language"] or "")}">{escape(q["quote"])}</blockquote>'
        for q in report["more_quotes"]
    )
    number = len(report["more_quotes"])
    return f"<details><summary>{number} more quote{'s' * (number > 1)}</summary>{quotes}</details>" if quotes else ""


def _by(quote: Mapping[str, Any]) -> str:
    return f": <bdi>{escape(quote['claimant'])}</bdi>" if quote["claimant"] else ""


def _actor(report: Record) -> str:
    if not report["actor"] and not report["actor_side"]:
        return ""
    words = filter(None, (report["actor"], report["actor_side"] and phrases.actor_side(report["actor_side"])))
    return " · ".join(f"<bdi>{escape(w)}</bdi>" for w in words)


def safe_link(url: str | None) -> str | None:
    """Return an address that a browser may follow: http or https with a host, else None."""
    if not url or any(ord(char) <= 32 for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def popup(report: Record) -> dict[str, Any]:
    """Return a report as plain text for a saved HTML map, which sets it as text, never as markup."""
    lines = [
        f"{phrases.kind_words(report)} · {phrases.when_short(report, year=True)}",
        f"Claimed by {phrases.claim_words(report)}" if report["claimant"] else phrases.claim_words(report),
        phrases.where_words(report),
    ]
    told = (report["outlet"] or "Outlet not known", report["url"] if safe_link(report["url"]) else None)
    return {
        "title": phrases.place_words(report),
        "lines": lines,
        "quote": report["quote"],
        "source": " · ".join(filter(None, told)),
    }
