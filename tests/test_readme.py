"""What the README and the other pages say is true: examples run, tables match headers, commands have help."""

import contextlib
import csv
import io
import re
from pathlib import Path

import pytest

from geo import cli
from geo.dataset.tables import COLUMNS
from geo.reference.gazetteer import AXIS_COLUMNS, NAME_COLUMNS, PLACE_COLUMNS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_prints_what_the_readme_says():
    """The ten lines run as they stand, and print the two lines below them."""
    code, printed = re.search(r"```python\n(.*?)```\s+prints\s+((?:    [^\n]*\n)+)", README, re.DOTALL).groups()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})  # noqa: S102

    assert out.getvalue().splitlines() == [line.strip() for line in printed.splitlines()]


def test_the_two_commands_come_first():
    """A newcomer meets `make run` and `make test` before anything else that can be run."""
    commands = re.findall(r"^    (make \w+|frontline \w+)", README, re.MULTILINE)

    assert commands[:2] == ["make run", "make test"]


def test_every_command_of_the_readme_exists():
    """No command is shown that the program does not have, and none is left out."""
    shown = set(re.findall(r"^    frontline (\w+)", README, re.MULTILINE))
    known = {(c.name or c.callback.__name__) for c in cli.app.registered_commands}

    assert shown == known


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(name):
    """Links to files of the project name files that are there."""
    assert (ROOT / name).exists()


def test_the_table_of_the_report_names_every_field_once():
    """data/README.md lists the fields of a report, in their order."""
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    table = text[text.index("## A report") : text.index("Geometry:")]
    listed = [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]

    assert sorted(listed) == sorted(COLUMNS)


@pytest.mark.parametrize(
    ("pattern", "columns"),
    [
        ("places/*.csv", PLACE_COLUMNS),
        ("regions.csv", PLACE_COLUMNS),
        ("sites.csv", PLACE_COLUMNS),
        ("places_osm/*.csv", PLACE_COLUMNS),
        ("names/*.csv", NAME_COLUMNS),
        ("axes.csv", AXIS_COLUMNS),
    ],
)
def test_curated_tables_have_the_columns_that_their_readme_explains(pattern, columns):
    """Every column of a table is a row of gazetteer/README.md."""
    explained = (ROOT / "gazetteer" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "gazetteer").glob(pattern):
        with path.open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == list(columns)
    assert [c for c in columns if f"`{c}`" not in explained] == []
