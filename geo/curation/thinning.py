"""Fewer corners for areas that share borders, so that neighbours still meet and few settlements change sides.

Corners go one by one: the one whose triangle with its two neighbours is smallest first (Visvalingam and Whyatt 1993),
later if a settlement stands in it.  A border is one line for the areas on both of its sides, so both lose the same
corner.  Corners where three areas meet stay.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

Corner = tuple[float, float]
Ring = list[Corner]

SETTLEMENT = 100.0  # square kilometres: one on the wrong side counts like the land of four (26 each in Ukraine)


class Cut(NamedTuple):
    """What it costs to leave out a corner: the area that changes sides, and more for each settlement in it."""

    cost: float
    settlements: int
    corner: Corner
    before: Corner
    behind: Corner


def thinned(
    areas: Sequence[BaseGeometry], spots: Sequence[BaseGeometry], *, most_vertices: int, least_area: float
) -> list[BaseGeometry]:
    """Return the areas with as few corners as asked for, on a plane; the corners that are left are the same floats.

    ``areas`` are a coverage: no overlaps, and neighbours have the same corners on their border.  A corner goes if its
    triangle is smaller than ``least_area`` (square kilometres) and holds no spot, or while an area beside it has more
    than ``most_vertices``, counting islands, holes and the repeated first corner of each ring.
    """
    borders = _Borders(areas)
    settlements = shapely.STRtree(spots)
    heap = [_cut(borders, corner, settlements) for corner in borders.neighbours if borders.is_simple(corner)]
    heapq.heapify(heap)
    while heap:
        cut = heapq.heappop(heap)
        if borders.is_outdated(cut):
            continue
        cheap = cut.settlements == 0 and cut.cost < least_area
        if (cheap or borders.most_vertices_at(cut.corner) > most_vertices) and borders.stay_apart(cut):
            borders.leave_out(cut)
            for corner in filter(borders.is_simple, (cut.before, cut.behind)):
                heapq.heappush(heap, _cut(borders, corner, settlements))
    return borders.areas()


def _cut(borders: "_Borders", corner: Corner, settlements: shapely.STRtree) -> Cut:
    before, behind = sorted(borders.neighbours[corner])
    triangle = shapely.Polygon([before, corner, behind])
    held = len(settlements.query(triangle, "intersects"))
    return Cut(triangle.area + held * SETTLEMENT, held, corner, before, behind)


class _Borders:
    """The borders of a coverage as a graph: each corner with its neighbours and the areas that it belongs to."""

    def __init__(self, areas: Sequence[BaseGeometry]) -> None:
        self._rings = [[_rings(part) for part in shapely.get_parts(area)] for area in areas]
        self._vertices = [sum(len(ring) for part in parts for ring in part) for parts in self._rings]
        self.neighbours: dict[Corner, set[Corner]] = {}
        self._areas_at: dict[Corner, set[int]] = {}
        for number, parts in enumerate(self._rings):
            for one, other in (pair for part in parts for ring in part for pair in pairwise(ring)):
                self.neighbours.setdefault(one, set()).add(other)
                self.neighbours.setdefault(other, set()).add(one)
                self._areas_at.setdefault(one, set()).add(number)
        self._corners = list(self.neighbours)
        self._tree = shapely.STRtree(shapely.points(self._corners))
        self._gone: set[Corner] = set()

    def is_simple(self, corner: Corner) -> bool:
        """Whether a single line runs through the corner: no border begins there."""
        return len(self.neighbours[corner]) == 2

    def is_outdated(self, cut: Cut) -> bool:
        """Whether the corner or one of its neighbours has gone since the cut was weighed."""
        return cut.corner in self._gone or self.neighbours[cut.corner] != {cut.before, cut.behind}

    def most_vertices_at(self, corner: Corner) -> int:
        return max(self._vertices[number] for number in self._areas_at[corner])

    def stay_apart(self, cut: Cut) -> bool:
        """Whether no ring vanishes and no line comes to cross another one."""
        if cut.behind in self.neighbours[cut.before]:
            return False
        triangle = shapely.Polygon([cut.before, cut.corner, cut.behind])
        inside = {self._corners[number] for number in self._tree.query(triangle, "intersects")}
        return inside - self._gone == {cut.before, cut.corner, cut.behind}

    def leave_out(self, cut: Cut) -> None:
        self._gone.add(cut.corner)
        for number in self._areas_at[cut.corner]:
            self._vertices[number] -= 1
        for corner, other in ((cut.before, cut.behind), (cut.behind, cut.before)):
            self.neighbours[corner] = self.neighbours[corner] - {cut.corner} | {other}

    def areas(self) -> list[BaseGeometry]:
        """Return the areas with the corners that are left, a single part as a polygon."""
        return [_area([[self._left(ring) for ring in part] for part in parts]) for parts in self._rings]

    def _left(self, ring: Ring) -> Ring:
        left = [corner for corner in ring if corner not in self._gone]
        return left if left[0] == left[-1] else [*left, left[0]]


def _rings(part: BaseGeometry) -> list[Ring]:
    return [list(ring.coords) for ring in (part.exterior, *part.interiors)]


def _area(parts: list[list[Ring]]) -> BaseGeometry:
    polygons = [shapely.Polygon(rings[0], rings[1:]) for rings in parts]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def shared(areas: Iterable[BaseGeometry]) -> Iterator[tuple[tuple[Corner, Corner], list[int]]]:
    """Yield each segment of a coverage's borders with the numbers of the areas beside it, in order."""
    beside: dict[tuple[Corner, Corner], list[int]] = {}
    for number, area in enumerate(areas):
        for ring in (ring for part in shapely.get_parts(area) for ring in _rings(part)):
            for one, other in pairwise(ring):
                beside.setdefault(min((one, other), (other, one)), []).append(number)
    yield from sorted(beside.items())
