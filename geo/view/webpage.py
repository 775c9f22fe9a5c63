"""A map of reports as one HTML file that opens without a network, and says of itself what every export says."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

import pandas as pd
import pyarrow as pa

from geo.dataset.outgoing import Export
from geo.dataset.provenance import notice_lines
from geo.dataset.tables import EVENTS, events_frame
from geo.errors import WrongUse
from geo.view import maps

_ABOUT = """
<details class="fl-about"><summary>{summary}</summary><pre dir="auto">{lines}</pre></details>
<style>
.fl-about {{ position: fixed; right: 8px; top: 0; z-index: 1200; max-width: 90vw;
  font: 12px/1.4 system-ui, sans-serif; color: #23272b; background: #fdfcfaf2; border-radius: 0 0 6px 6px;
  padding: 2px 10px; }}
.fl-about pre {{ max-height: 70vh; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }}
.fl-about summary {{ cursor: pointer; }}
@media (max-width: 700px) {{
  .fl-about {{ position: static; order: 1; }}
  .fl-about summary {{ min-height: 44px; line-height: 44px; }}
}}
</style>
<script type="application/json" id="frontline_about">{json}</script>
"""


def pieces(
    export: Export, digests: pd.DataFrame, gazetteer: Path | None = None, language: str = "en"
) -> Iterator[bytes]:
    """Yield the page; ``digests`` are those of the same dataset, for the strip of days that have one.

    Raises ``WrongUse`` if there are more reports than a page can hold.
    """
    if export.tally.reports > maps.PAGE_REPORTS:
        problem = f"{export.tally.reports:,} reports, and a page holds {maps.PAGE_REPORTS:,} at most"
        raise WrongUse(f"--to html: {problem}; choose fewer by --from, --until, --place or --kind, or another format")
    rows = pa.concat_tables([EVENTS.empty_table(), *(table.cast(EVENTS) for table in export.batches())])
    page = maps.page_of(events_frame(rows), digests, gazetteer, language).decode("utf-8")
    before, end, after = page.rpartition("</body>")
    yield (before + _about(export) + end + after).encode("utf-8", "backslashreplace")


def _about(export: Export) -> str:
    lines = notice_lines(export.says)
    summary = f"About this file: {export.tally.reports:,} reports"
    return _ABOUT.format(
        summary=escape(summary), lines=escape("\n".join(lines)), json=maps.json_in_script(dict(export.says))
    )
