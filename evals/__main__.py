"""`python -m evals`: how good the agents are."""

import asyncio
import logging
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from rich.console import Console

from evals.commands import COMMANDS, Command
from evals.gate import (
    Bar,
    UnknownBar,
    below,
    read_bar,
    read_bars,
    uncompared,
    unmeasurable,
    unmeasured,
    worse,
)
from evals.html import write_html
from evals.local_model import NoModel
from evals.options import Options, parse
from evals.pinning import Unpinnable
from evals.recording import NotRecorded
from evals.report import Report, UnreadableReport, read_report
from evals.results import failures_in
from evals.session import chosen_suites, embedded_stores, has_talks, run
from evals.spans import NoTrace, require_traces
from evals.suites import UnknownData
from evals.terminal import show
from evals.traces.command import from_traces
from evals.world import UnfitCase
from src.local.errors import StartError

GOOD: Final = 0
BAD: Final = 1
WRONG_CALL: Final = 2
INTERRUPTED: Final = 130

_COMMANDS: Final[Mapping[str, Command]] = {**COMMANDS, "from-traces": from_traces}
_WRONG: Final = (
    UnknownData,
    UnknownBar,
    UnreadableReport,
    NotRecorded,
    NoModel,
    NoTrace,
    Unpinnable,
    UnfitCase,
    StartError,
)


def main(arguments: list[str]) -> int:
    """Run what is asked for, and answer the exit code."""
    logging.basicConfig(level=logging.ERROR)
    command = _COMMANDS.get(arguments[0]) if arguments else None
    try:
        return command(arguments[1:]) if command else _measure(parse(arguments))
    except _WRONG as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_CALL
    except OSError as error:
        return _not_usable(error)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n" if command else "Interrupted; the same call goes on from here.\n")
        return INTERRUPTED


def _not_usable(error: OSError) -> int:
    """A file that can't be used was named wrongly; where there is none, something failed on the way."""
    if error.filename is None:
        sys.stderr.write(f"The run failed with {type(error).__name__}: {error}\n")
        return BAD
    sys.stderr.write(f"{error.filename} can't be used: {error.strerror}.\n")
    return WRONG_CALL


def _measure(options: Options) -> int:
    bars = [read_bar(text) for text in options.least]
    bars += _filed(options.bars, options.splits) if options.bars else []
    baseline = _baseline(options)
    if missing := unmeasurable(bars, chosen_suites(options), options.repeat):
        raise UnknownBar(f"Nothing in this run is measured by {', '.join(map(str, missing))}.")
    report = _run(options, Console(stderr=True, highlight=False))
    write_html(report, baseline, options.output / "report.html")
    console = Console(highlight=False)
    show(console, report, baseline)
    console.print(f"{options.output}/report.json, {options.output}/report.html", soft_wrap=True)
    return _verdict(report, baseline, bars, console)


def _filed(path: Path, splits: list[str]) -> list[Bar]:
    bars = read_bars(path)
    for split in splits:
        if not any(bar.split == split for bar in bars):
            raise UnknownBar(f"{path} has no bars for the {split} part.")
    return [bar for bar in bars if bar.split in splits]


def _baseline(options: Options) -> Report | None:
    if options.baseline is None:
        return None
    if options.baseline.resolve() == (options.output / "report.json").resolve():
        raise UnreadableReport("This run would write over its baseline; name another --output, or copy it.")
    return read_report(options.baseline)


def _run(options: Options, console: Console) -> Report:
    if not has_talks(chosen_suites(options)):
        return asyncio.run(run(options, None, console))
    require_traces()
    with ExitStack() as opened:
        with console.status("Starting the stores"):
            settings = opened.enter_context(embedded_stores(options.asked))
        return asyncio.run(run(options, settings, console))


def _verdict(report: Report, baseline: Report | None, bars: list[Bar], console: Console) -> int:
    wrong = [f"{each.case} ({each.dataset}) failed: {each.failure}" for each in failures_in(report.results)]
    wrong += [*below(bars, report), *unmeasured(bars, report)]
    code = BAD if wrong else GOOD
    if baseline:
        behind, beside = _against(baseline, report)
        wrong, code = [*wrong, *behind], code or beside
        if places := uncompared(report, baseline):
            told = f"Not compared, for the baseline has other cases: {', '.join(places)}."
            console.print(told, soft_wrap=True)
    for sentence in wrong:
        console.print(sentence, style="red", markup=False, soft_wrap=True)
    return code


def _against(baseline: Report, report: Report) -> tuple[list[str], int]:
    try:
        behind = worse(report, baseline)
    except UnreadableReport as error:
        return [str(error)], WRONG_CALL
    return behind, BAD if behind else GOOD


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
