"""A module imports only from steps before its own, and reading text needs no tables and no maps."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up. What stands on one line does not know the others of its line.
LAYERS = (
    ("errors", "model"),
    ("workers",),
    ("paths", "kinds", "reference.names", "view.messages"),
    ("reference.romanisation", "reference.respelling", "reference.tables", "languages.cues", "languages.inflection"),
    ("languages", "reference.spellings"),
    ("reference.index",),
    ("reference.gazetteer",),
    ("text.dates", "text.sentences", "text.contexts", "text.markup", "text.encodings", "text.extraction"),
    ("reference.activity", "reference.alike", "reference.publication"),
    ("text.lists",),
    ("text.toponyms",),
    ("text.digests", "text.rows", "text.mentions"),
    ("text.tongues",),
    ("text.scenes", "text.originals", "text.inputs", "reading.attribution", "reading.attachments"),
    ("reading.roles",),
    ("reading.evidence", "reading.actors", "reading.people"),
    ("reading.resolution",),
    ("reading.happenings", "reading.confidence"),
    ("reading.reports", "reading.settling", "review.rulings"),
    ("reading.sources",),
    ("reading.verdicts",),
    ("reading.stances", "reading.victims", "reading.wider"),
    ("events",),
    ("review.ruled", "review.places"),
    ("reference.outlines",),
    ("dataset.same_event",),
    ("dataset.stories",),
    ("dataset.tables", "dataset.words"),
    ("dataset.provenance", "dataset.repeats"),
    ("dataset.outgoing", "dataset.publication"),
    ("dataset.formats.cells", "dataset.formats.qml", "dataset.formats.geoparquet"),
    ("dataset.formats.geojson", "dataset.formats.csv_rows", "dataset.formats.kml", "dataset.formats.gpkg"),
    ("dataset.formats.geojsonseq", "dataset.formats.crosswalk"),
    ("dataset.formats.acled", "dataset.formats.ucdp", "dataset.formats.viina"),
    ("dataset.formats.catalogue",),
    ("dataset.exports",),
    ("dataset.manifest",),
    ("dataset.commit",),
    ("dataset.store",),
    ("dataset.keeping", "dataset.verifying", "review.queue", "review.pairs"),
    ("dataset.timeline", "dataset.matching", "dataset.causes", "dataset.held", "view.phrases", "explain"),
    ("dataset.queries", "dataset.streaming", "dataset.differences"),
    ("view.card", "view.choices", "view.charts", "view.passages", "view.widgets"),
    ("view.storylines", "view.visits"),
    ("view.page", "view.offers", "view.changes"),
    ("view.packing",),
    ("view.base_map", "view.columns"),
    ("view.maps",),
    ("view.change_map", "view.webpage"),
    ("view.opening", "view.uploads", "view.sidebar"),
    ("view.serve", "view.reviewing"),
    ("view.panels",),
    ("build", "curation.curated", "curation.activity"),
    ("curation.positions", "curation.thinning"),
    ("curation.outlining", "curation.candidates", "curation.suggesting"),
    ("curation.checks", "curation.geocoding"),
    ("curation.dumps",),
    ("commands.console",),
    (
        "commands.building",
        "commands.explaining",
        "commands.exporting",
        "commands.curating",
        "commands.serving",
        "commands.differing",
        "commands.ruling",
        "commands.verifying",
    ),
    ("cli",),
    ("__main__",),
)
LAYER = {module: number for number, layer in enumerate(LAYERS) for module in layer}
DOCSTRINGS = (
    "",
    "reference",
    "text",
    "reading",
    "review",
    "dataset",
    "dataset.formats",
    "view",
    "curation",
    "commands",
)  # packages that only say what they hold


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "geo").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# Third-party modules that `where` and `explain` may import: the command line, and geodesic distance (with what it needs).
READING_COMMANDS = {
    *("typer", "click", "shellingham", "annotated_doc", "typing_extensions", "colorama"),
    *("pydantic", "pydantic_core", "annotated_types", "typing_inspection"),
    *(
        "geopy",
        "geographiclib",
        "pytz",
        "requests",
        "urllib3",
        "idna",
        "certifi",
        "charset_normalizer",
        "cython_runtime",
    ),
    "pytz",  # geopy takes it along where another package has brought it
}
FILE = {module_of(path): path for path in (ROOT / "geo").rglob("*.py")}


def imports(path: Path, *, deferred: bool) -> set[str]:
    """Modules of ``geo`` that a file imports, with or without those that it imports inside functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree)) if deferred else list(_when_imported(tree))
    named = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "geo":
            named |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        if isinstance(node, ast.Import):
            named |= {name.name for name in node.names}
    return {name.removeprefix("geo.") for name in named if name.removeprefix("geo.") in LAYER and name != "geo"}


def _when_imported(node: ast.AST):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or _for_types_only(child):
            continue
        yield child
        yield from _when_imported(child)


def _for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def test_every_module_has_its_place_in_the_order():
    """A new module is put where it belongs, in the list above."""
    assert sorted(LAYER) == sorted(set(FILE) - set(DOCSTRINGS))


@pytest.mark.parametrize("module", sorted(LAYER))
def test_a_module_imports_only_from_steps_before_its_own(module):
    """So there is no cycle, and a step can be read without those behind it."""
    upward = {other for other in imports(FILE[module], deferred=False) if LAYER.get(other, -1) >= LAYER[module]}

    assert upward == set()


@pytest.mark.parametrize("module", ["view.maps", "view.page", "view.phrases", "dataset.timeline", "view.serve"])
def test_what_shows_reports_does_not_read_digests(module):
    """The map and the page know the store's tables: importing them brings no engine along."""
    reached, left = set(), {module}
    while left:
        current = left.pop()
        reached.add(current)
        left |= imports(FILE[current], deferred=False) - reached

    assert "events" not in reached | imports(FILE[module], deferred=True)


def test_the_app_reads_digests_only_when_a_file_is_dropped():
    """``app.py`` lays widgets out; the engine is imported for an upload alone."""
    assert "events" not in imports(ROOT / "app.py", deferred=False)


def test_reading_text_needs_no_tables_and_no_maps():
    """``geo.events`` and what it imports stay small."""
    heavy = ("pandas", "geopandas", "shapely", "pyarrow", "streamlit", "folium", "numpy", "rich", "typer")
    code = f"import sys, geo.events; print(*(m for m in {heavy} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


@pytest.mark.parametrize("arguments", [("where", "Vuhledar"), ("explain", "DIGEST")])
def test_the_commands_that_only_read_import_no_tables_and_no_maps(arguments, tmp_path):
    """They answer within a second because of what they do not import: this is the whole list."""
    digest = tmp_path / "digest.md"
    digest.write_text(
        "---\nlanguage: en\npublished: 2024-11-01\n---\nRussian forces captured Vuhledar.\n", encoding="utf-8"
    )
    given = [str(digest) if a == "DIGEST" else a for a in arguments]
    code = (
        f"import sys\nfrom geo.cli import main\nsys.argv = {['frontline', *given]!r}\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "modules = {m.partition('.')[0] for m in sys.modules} - sys.stdlib_module_names - {'geo', '__main__'}\n"
        "print(*sorted(m for m in modules if not m.startswith('_')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set(done.stderr.split()) <= READING_COMMANDS


def test_the_names_of_the_package_are_imported_when_first_used():
    """``import geo`` alone imports nothing, and every name in ``__all__`` can be had."""
    code = "import sys, geo; print(*(m for m in sys.modules if m.startswith('geo.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    import geo

    assert done.stdout.split() == []
    assert all(getattr(geo, name) is not None for name in geo.__all__)
    assert set(geo.__all__) <= set(dir(geo))


def test_parties_are_named_in_data_and_not_in_the_code_that_reads():
    """Sides come from ``theatre.toml`` and the packs: no rule knows one party from the other."""
    steps = [module for layer in LAYERS[: LAYERS.index(("events",)) + 1] for module in layer]
    named = {
        (module, node.value)
        for module in steps
        for node in ast.walk(ast.parse(FILE[module].read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in ("russia", "ukraine", "Russian", "Ukrainian")
    }

    assert {module for module, _ in named} <= {"reference.tables"}  # the language of a country's own names
