"""A dataset opened for the page, once for all sessions."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import pandas as pd

from geo.dataset.manifest import Manifest
from geo.dataset.queries import Reports, open_reports
from geo.view import maps, page, phrases
from geo.view.messages import LANGUAGES


class Opened(NamedTuple):
    """What the page needs of a dataset; nobody changes it."""

    reports: Reports
    digests: pd.DataFrame
    manifest: Manifest
    sources: dict[str, Any]  # what the map's component loads once
    span: tuple[date, date]  # the first and the last day


@lru_cache(maxsize=1)
def opened(folder: Path, version: str, gazetteer: Path | None) -> Opened:
    """Open a dataset; a new build of it has another version (``page.version``).

    Raises ``UnreadableInput`` if there is no dataset, or if a file of it is missing or damaged.
    """
    del version
    reports, digests = open_reports(folder)
    shown = phrases.in_language(LANGUAGES[0], lambda: maps.sources(reports, digests, gazetteer), gazetteer)
    manifest = cast("Manifest", reports.manifest)  # it is known of what was opened from a folder
    return Opened(reports, digests, manifest, shown, page.span(reports.table, digests))


@lru_cache(maxsize=len(LANGUAGES))
def offered(folder: Path, version: str, gazetteer: Path | None, language: str) -> dict[str, dict[str, str]]:
    """Return what each filter offers in a language, as value and words; raises as ``opened`` does."""
    events = opened(folder, version, gazetteer).reports.table
    return phrases.in_language(language, lambda: page.options(events), gazetteer)
