"""What is asked for on the command line."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evals.suites import SPLITS

_ABOUT: Final = """\
How good the agents are, with any model, offline. Exit codes: 0 all is well; 1 a figure is below its bar or
worse than the baseline, an evaluator failed or a task raised; 2 a wrong call.

Other commands: `replay` (requests of the retail form, without a model), `pin` (write down the end states of
conversations), `from-traces` (cases from stored conversations), `schemas` (the JSON Schemas of data sets);
`python -m evals COMMAND --help` tells more.
"""


@dataclass(frozen=True)
class Options:
    """One run, as it is asked for."""

    models: list[str]
    datasets: list[str]
    splits: list[str]
    cases: list[str]
    requests: Path | None
    data: Path | None
    repeat: int
    concurrency: int
    customer: str | None
    judge: str | None
    record: Path | None
    replay: Path | None
    baseline: Path | None
    least: list[str]
    bars: Path | None
    output: Path
    fresh: bool
    timeout: float
    request_limit: int

    @property
    def asked(self) -> list[str]:
        """The models that are asked for answers, whatever they play; a replay asks none."""
        named = [*self.models, self.customer, self.judge]
        return [] if self.replay else [name for name in named if name]


def parse(arguments: list[str]) -> Options:
    """The run that these arguments ask for; a wrong call exits with 2, as argparse does."""
    parser = argparse.ArgumentParser(
        prog="python -m evals", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    _add_what(parser)
    _add_how(parser)
    _add_gate(parser)
    asked = parser.parse_args(arguments)
    if (asked.requests is None) != (asked.data is None):
        parser.error("--requests and --data go together")
    if asked.requests and (asked.datasets or asked.splits):
        parser.error("--requests stand instead of data sets and splits")
    if asked.customer and not asked.requests:
        parser.error("--customer plays the customer of --requests; name them too")
    asked.splits = list(dict.fromkeys(asked.splits or SPLITS[:1]))
    return Options(**vars(asked))


def _add_what(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is measured").add_argument
    add(
        "--model",
        dest="models",
        action="append",
        default=[],
        metavar="MODEL",
        help="rules (if none is named), anthropic:claude-sonnet-4-5 and the like, or local:PATH.gguf; "
        "repeat it to compare several",
    )
    add(
        "--dataset",
        dest="datasets",
        action="append",
        default=[],
        metavar="NAME",
        help="a data set or a group of them; all, if none is named",
    )
    add(
        "--split",
        dest="splits",
        action="append",
        choices=SPLITS,
        help="the open part (if none is named) or the one that is held back; repeat it for both",
    )
    add("--case", dest="cases", action="append", default=[], metavar="NAME", help="only this case")
    add("--requests", type=Path, metavar="FILE", help="requests of the retail form instead of data sets")
    add("--data", type=Path, metavar="FILE", help="the retail file that --requests are about")


def _add_how(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("how it runs").add_argument
    add("--repeat", type=_count, default=1, metavar="N", help="take each case so often; adds passed^2 ... ^N")
    add("--concurrency", type=_count, default=4, metavar="N", help="so many cases at once (4)")
    add("--timeout", type=float, default=60, metavar="SECONDS", help="of one run of an agent (60)")
    add("--request-limit", type=_count, default=12, metavar="N", help="of one run to its model (12)")
    add("--customer", metavar="MODEL", help="plays the customer of --requests")
    add("--judge", metavar="MODEL", help="judges replies on top; costs a request a case")
    recorded = parser.add_mutually_exclusive_group()
    recorded.add_argument("--record", type=Path, metavar="FILE", help="write down what models answer")
    recorded.add_argument("--replay", type=Path, metavar="FILE", help="answer from such a record alone")
    add("--output", type=Path, default=Path("evals-report"), metavar="DIR", help="of the reports")
    add("--fresh", action="store_true", help="don't go on with what an unfinished run had done")


def _add_gate(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("when it fails").add_argument
    add(
        "--min",
        dest="least",
        action="append",
        default=[],
        metavar="[PLACE.]METRIC=SCORE",
        help="a bar such as field_f1=0.9 or tools.tool_choice=0.95",
    )
    add(
        "--bars",
        type=Path,
        metavar="FILE",
        help="bars from a TOML file, a table a split; those of other splits rest",
    )
    add("--baseline", type=Path, metavar="FILE", help="an earlier report.json that must not be fallen behind")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
