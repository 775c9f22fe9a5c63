"""Values as the few bytes that a browser unpacks: gzip without a clock, so that equal values give equal bytes."""

import gzip
import json
import zlib
from base64 import b64encode
from typing import Any

import numpy as np
import shapely

Array = np.ndarray[Any, Any]


def json_bytes(value: object) -> bytes:
    """Return JSON, gzipped."""
    return _gzip(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace"))


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=6, mtime=0)  # no clock in it


def gzip_numbers(data: bytes) -> bytes:
    """Gzip planes of numbers (``planes``)."""
    packing = zlib.compressobj(level=6, wbits=31, strategy=zlib.Z_FILTERED)  # small differences; 31: as gzip, no clock
    return packing.compress(data) + packing.flush()


def base64(data: bytes) -> str:
    """Return bytes as text that can stand in JSON."""
    return b64encode(data).decode("ascii")


def planes(numbers: Array, kind: str) -> bytes:
    """Return the lowest byte of every number, then the next of every number: so that like bytes stand together."""
    return (
        np.ascontiguousarray(numbers.astype(f"<{kind}")).view(np.uint8).reshape(len(numbers), int(kind[1])).T.tobytes()
    )


def rounded_geometry(shape: Any) -> dict[str, Any]:
    """Return a shape as GeoJSON has it, in thousandths of a degree (about 100 m)."""
    rounded = shapely.transform(shape, lambda xy: xy.round(3))
    return {"type": rounded.geom_type, "coordinates": shapely.geometry.mapping(rounded)["coordinates"]}
