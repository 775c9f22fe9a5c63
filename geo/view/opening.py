"""A dataset opened for the page, once for all sessions."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from geo.dataset.queries import Reports, open_reports
from geo.view import maps, page, phrases


class Opened(NamedTuple):
    """What the page needs of a dataset; nobody changes it."""

    reports: Reports
    digests: pd.DataFrame
    sources: dict[str, Any]  # what the map's component loads once
    options: dict[str, dict[str, str]]  # what each filter offers, as value and words
    span: tuple[date, date]  # the first and the last day


@lru_cache(maxsize=1)
def opened(folder: Path, version: str, gazetteer: Path | None) -> Opened:
    """Open a dataset; a new build of it has another version (``page.version``).

    Raises ``UnreadableInput`` if there is no dataset, or if a file of it is missing or damaged.
    """
    del version
    phrases.speak_by(gazetteer)
    reports, digests = open_reports(folder)
    shown = maps.sources(reports, digests, gazetteer)
    return Opened(reports, digests, shown, page.options(reports.table), page.span(reports.table, digests))
