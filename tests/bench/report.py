"""The table: what was measured, what was aimed at, and whether that was met."""

from statistics import median

from tests.bench.measuring import Measured, Run

PAGE_RATIO, WRITE_RATIO, GROWTH = 2.0, 3.0, 1.3
DISPATCH_SECONDS, START_SECONDS = 1.0, 2.0
MEMORY = 200 * 1024 * 1024
FIRST_VISIT, LATER_VISIT = 50 * 1024, 10 * 1024
HEAD = (
    f"{'':32}{'p50 ms':>8}{'p95 ms':>8}{'busy ms':>9}{'queries':>9}{'KB':>7}{'x ref':>7}"
    f"{'x busy':>8}{'x small':>9}  aims"
)


def print_run(run: Run, small: Run | None) -> None:
    """Print one size; `small` is the same with a tenth of the rows."""
    print(f"\n{run.follow_ups:,} follow-ups\n{HEAD}")
    _line(run.page_reference)
    for at, row in enumerate(run.pages):
        growth = _growth(run, small, row, small.pages[at]) if small else None
        most = None if row.most_queries is None else PAGE_RATIO
        _line(row, run.page_reference, most, growth)
    _line(run.write_reference)
    for row in run.writes:
        _line(row, run.write_reference, WRITE_RATIO)
    _figure("first visit to a follow-up, KB", run.first_visit / 1024, FIRST_VISIT / 1024)
    _figure("later visits, KB", run.later_visit / 1024, LATER_VISIT / 1024)


def print_dispatch(rows: tuple[Measured, Measured], count: int) -> None:
    """Print the dispatch of a year's questions."""
    print(f"\n{count:,} dispatched at once, beside all the others")
    for row in rows:
        said = f"{row.name}, s" + (f" ({row.queries} queries)" if row.queries else "")
        _figure(said, row.p50, DISPATCH_SECONDS)


def print_start(seconds: list[float], resident: int, shared: int) -> None:
    """Print what starting costs."""
    mib = 1024 * 1024
    print("\nweb and worker together, as `flask serve` starts them")
    _figure("start to ready, s", sorted(seconds)[len(seconds) // 2], START_SECONDS)
    _figure("memory at rest, MB resident", resident / mib, MEMORY / mib)
    print(f"{'  of it not shared between them':32}{shared / mib:8.1f}")


def _growth(run: Run, small: Run, row: Measured, was: Measured) -> float:
    """Return how much more work it is than with a tenth of the rows, in units of the reference."""
    now = median(row.busy) / median(run.page_reference.busy)
    return now / (median(was.busy) / median(small.page_reference.busy))


def _line(
    row: Measured,
    reference: Measured | None = None,
    most: float | None = None,
    growth: float | None = None,
) -> None:
    ratio = row.quick / reference.quick if reference else None
    busy = median(row.busy) / median(reference.busy) if reference else None
    missed = []
    if ratio is not None and most is not None and ratio > most:
        missed.append(f"x ref > {most:g}")
    if growth is not None and growth > GROWTH and most is not None:
        missed.append(f"x small > {GROWTH:g}")
    if row.most_queries is not None and row.queries > row.most_queries:
        missed.append(f"queries > {row.most_queries}")
    aims = "" if most is None else ("missed: " + ", ".join(missed) if missed else "met")
    print(
        f"{row.name:32}{row.p50 * 1000:8.1f}{row.p95 * 1000:8.1f}{median(row.busy) * 1000:9.1f}"
        f"{row.queries:9}{row.size / 1024:7.1f}{_or_blank(ratio):>7}{_or_blank(busy):>8}"
        f"{_or_blank(growth):>9}  {aims}"
    )


def _or_blank(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _figure(name: str, value: float, most: float) -> None:
    print(f"{name:32}{value:8.2f}{'':40}  {'met' if value <= most else f'missed: > {most:g}'}")
