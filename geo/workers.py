"""Work shared out to processes, with its results in order; whichever process dies, nobody waits for it for ever."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from geo.errors import LostWorker

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_processes(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    opening: Callable[..., None],
    given: tuple[Any, ...],
) -> Iterator[Result]:
    """Yield ``work(item)`` for each item in order, done by ``jobs`` processes that each begin with ``opening(*given)``.

    Processes are started afresh, not forked: they hold no lock of this one, and need no thread of it. Raises
    ``LostWorker`` if one of them dies, and what ``work`` raises; then, and when nobody asks any more, the rest is left.
    """
    pool = ProcessPoolExecutor(
        min(jobs, len(items)), mp_context=_context(), initializer=_begin, initargs=(opening, given)
    )
    try:
        ahead: deque[Future[Result]] = deque(pool.submit(work, item) for item in items)
        while ahead:
            yield ahead.popleft().result()
    except BrokenProcessPool as error:
        raise LostWorker(
            "a process that read digests has died (most often for want of memory), and nothing was written; "
            "build again, with a smaller number for --jobs"
        ) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _context() -> multiprocessing.context.BaseContext:
    """Return how processes are started: by a server that has imported little and copies itself, where there is one."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["geo.events", "geo.dataset.tables"])
    return context


def _begin(opening: Callable[..., None], given: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    opening(*given)


def _end_with_parent() -> None:
    """End this process when the one that gave it work is gone: a killed build must leave nobody behind."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)
