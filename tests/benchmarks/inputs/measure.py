"""How fast inputs are found, decoded and read, for 10,000 small files of each sort; prints a table.

python tests/benchmarks/inputs/measure.py [--files N]
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from geo.text.encodings import decoded
from geo.text.inputs import find_inputs, read_source

ENGLISH = "Shelling of the town went on for two days, the governor said, and nobody was hurt in village number {n}. "
RUSSIAN = "Обстрел города продолжался два дня, сообщил губернатор, пострадавших в селе номер {n} нет. "


def page(n: int) -> str:
    paragraphs = "".join(f"<p>{ENGLISH.format(n=n) * 3}</p>" for _ in range(4))
    return f"<html><body><article><h1>Title</h1>{paragraphs}</article></body></html>"


SORTS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "UTF-8": (".txt", lambda n: ((RUSSIAN if n % 2 else ENGLISH).format(n=n) * 10).encode()),
    "windows-1251": (".txt", lambda n: (RUSSIAN.format(n=n) * 10).encode("cp1251")),
    "web pages": (".html", lambda n: page(n).encode()),
}


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(files: int) -> None:
    print(f"| {files:,} files | find | decode | find text, language and day |\n|---|---|---|---|")
    for sort, (suffix, content) in SORTS.items():
        with tempfile.TemporaryDirectory() as folder:
            for n in range(files):
                (Path(folder) / f"{n}{suffix}").write_bytes(content(n))
            sources = find_inputs([Path(folder)]).sources
            finding = seconds(lambda: find_inputs([Path(folder)]))
            contents = [source.content() for source in sources]
            decoding = seconds(lambda: [decoded(each, "file") for each in contents])  # noqa: B023
            reading = seconds(lambda: [read_source(source) for source in sources])  # noqa: B023
            print(f"| {sort} | {finding:.1f} s | {decoding:.1f} s | {reading:.1f} s |", flush=True)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--files", type=int, default=10_000)
    measure(arguments.parse_args().files)
