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
from geo.view.messages import say
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
    local = (
        f' <span class="fl-local"><bdi>{escape(name)}</bdi></span>'
        if name and name != phrases.place_words(report)
        else ""
    )
    region = phrases.region_words(report) if report["precision"] != "region" else None
    where = " · ".join(escape(words) for words in (region, phrases.when_short(report, year=True)) if words)
    facts = [
        (say("card.claimed_by"), f"<bdi>{escape(phrases.claim_words(report))}</bdi>"),
        (say("card.done_by"), _actor(report)),
        (say("card.status"), escape(say(f"status_long.{report['status']}"))),
        (say("card.people"), escape(", ".join(phrases.people_words(report)))),
        (say("card.total"), say("card.total_words") if report["running_total"] else ""),
        (say("card.date"), escape(phrases.when_words(report))),
        (say("card.place"), escape(phrases.where_words(report))),
        (say("card.direction"), escape(report["axis"] or "")),
        (say("card.sure"), _sure(report)),
        (say("card.why"), _why(report)),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value)
    return (
        f'<article class="fl-card" aria-label="{escape(phrases.summary_words(report))}"'
        f' style="--fl-family:{escape(kind.colour)}">'
        f'<p class="fl-kind">{escape(phrases.kind_words(report))}</p>'
        f"<h3><bdi>{escape(phrases.place_words(report))}</bdi>{local}</h3>"
        f'<p class="fl-where">{where}</p>'
        f"{quote_html(report)}{_source(report)}{_further(report)}<dl>{rows}</dl>"
        f'<p class="fl-links"><a href="{escape(permalink)}">{say("card.link")}</a></p></article>'
    )


def quote_html(report: Record) -> str:
    """Return the quote with the words that name the place marked; direction marks in it cannot leave it."""
    quote, start = report["quote"], report["quote_start"]
    if not quote:
        return f'<p class="fl-away">{escape(say("page.withheld"))}</p>'
    first, last = report["mention_start"] - start, report["mention_end"] - start
    marked = f"{escape(quote[:first])}<mark>{escape(quote[first:last])}</mark>{escape(quote[last:])}"
    return f'<blockquote dir="auto" lang="{escape(report["language"] or "")}">{marked}</blockquote>'


def _source(report: Record) -> str:
    language = phrases.language_words(report["language"])
    published = say("card.published", day=phrases.day_words(report["published"])) if report["published"] else None
    told = [
        escape(str(words)) for words in (report["outlet"] or say("card.outlet_unknown"), language, published) if words
    ]
    link = safe_link(report["url"])
    if link:
        told.append(f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer">{say("card.read")}</a>')
    sample = f"<br><strong>{say('card.written')}</strong>" if report["sample"] else ""
    return f'<p class="fl-source"><bdi>{" · ".join(told)}</bdi>{sample}</p>'


def _further(report: Record) -> str:
    quotes = "".join(
        f'<p class="fl-stance">{escape(say("stance." + q["stance"]))}{_by(q)}</p>'
        f'<blockquote dir="auto" lang="{escape(report["language"] or "")}">{escape(q["quote"])}</blockquote>'
        for q in report["more_quotes"]
    )
    more = say("count.more_quotes", n=len(report["more_quotes"]))
    return f"<details><summary>{more}</summary>{quotes}</details>" if quotes else ""


def _by(quote: Mapping[str, Any]) -> str:
    if not quote["claimant"]:
        return ""
    side = (
        "" if quote.get("claimant_side") in (None, "none") else f" · {escape(phrases.sides()[quote['claimant_side']])}"
    )
    return f": <bdi>{escape(quote['claimant'])}</bdi>{side}"


def _sure(report: Record) -> str:
    """How often a place chosen on the same ground was right, as measured: in words, of a hundred."""
    known = report.get("confidence")
    return "" if known is None else escape(say("card.sure_words", share=round(100 * known)))


def _why(report: Record) -> str:
    reasons = "".join(f"<li><bdi>{escape(reason)}</bdi></li>" for reason in phrases.why_words(report))
    return f"<ul>{reasons}</ul>" if reasons else ""


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
        say("card.claimed", who=phrases.claim_words(report)) if report["claimant"] else phrases.claim_words(report),
        phrases.where_words(report),
    ]
    told = (report["outlet"] or say("card.outlet_unknown"), report["url"] if safe_link(report["url"]) else None)
    return {
        "title": phrases.place_words(report),
        "lines": lines,
        "quote": report["quote"],
        "source": " · ".join(filter(None, told)),
    }
