"""The command line: `orderdesk serve`, `token`, `import`, `worker`, `audit`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from src.local.errors import StartError
from src.local.signals import interruptible

if TYPE_CHECKING:
    from src.config import Settings

_BEGAN: Final = monotonic()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name; the answer is its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or (words[0].startswith("-") and words[0] not in {"-h", "--help"}):
        words.insert(0, "serve")
    arguments = _parser().parse_args(words)
    try:
        with interruptible():
            return arguments.command(arguments)
    except StartError as error:
        print(f"orderdesk: {error}", file=sys.stderr)  # noqa: T201 - for the person at the terminal
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="orderdesk",
        description="An order desk that people and agents share.",
        epilog="Without a command it serves. Every command tells more with --help.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    stores = argparse.ArgumentParser(add_help=False)
    stores.add_argument(
        "--data-dir",
        type=Path,
        metavar="PATH",
        help="where stage local keeps its data (DATA_DIR, default: data)",
    )

    serve = commands.add_parser(
        "serve",
        parents=[stores],
        help="serve the API (the default)",
        description="Serve the API. In stage local it starts the stores that no setting points to.",
    )
    serve.add_argument("--host", help="the address to listen on (HOST, default: 127.0.0.1)")
    serve.add_argument(
        "--port", type=int, help="the port to listen on, 0 for a free one (PORT, default: 8000)"
    )
    serve.add_argument(
        "--workers", type=_workers, default=1, metavar="N", help="how many processes serve (default: 1)"
    )
    serve.set_defaults(command=_serve)

    token = commands.add_parser(
        "token",
        parents=[stores],
        help="print a bearer token of the local pool",
        description="Print one bearer token, an ID token of the local pool, and nothing else.",
    )
    token.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="whose token")
    token.set_defaults(command=_token)

    retail = commands.add_parser(
        "import",
        parents=[stores],
        help="import a retail data set",
        description="Make what a retail file has and the desk has not; nothing is overwritten.",
    )
    retail.add_argument("file", type=Path, metavar="FILE", help="a JSON file with users, products and orders")
    retail.set_defaults(command=_import)

    worker = commands.add_parser(
        "worker",
        parents=[stores],
        help="relay events to EventBridge",
        description="Relay events from the outbox to EventBridge until it is stopped; any number may run.",
    )
    worker.set_defaults(command=_work)
    _add_audit(commands.add_parser("audit", help="verify, recover or clean up the audit trail"), stores)
    return parser


def _add_audit(audit: argparse.ArgumentParser, stores: argparse.ArgumentParser) -> None:
    jobs = audit.add_subparsers(metavar="JOB", required=True)
    verify = jobs.add_parser(
        "verify",
        parents=[stores],
        help="walk the chains and name what is not as it was written",
        description="Walk one actor's chain, or all of them. Each finding is a line: the entry's id, what "
        "happened to it (changed, removed, reordered, added) and how that shows. Exit code 1 if there is "
        "any. A chain whose end was rolled back as a whole shows only against a copy kept elsewhere.",
    )
    verify.add_argument("--user-id", metavar="ID", help="the actor; everybody without it")
    verify.set_defaults(command=_verify)
    recover = jobs.add_parser(
        "recover",
        parents=[stores],
        help="store the entries that only the log has",
        description="Store the audit entries that a log file holds because the table was away; each once.",
    )
    recover.add_argument("log", type=Path, metavar="LOG", help="a log of the service, one JSON object a line")
    recover.set_defaults(command=_recover)
    clean = jobs.add_parser(
        "clean",
        parents=[stores],
        help="remove what was kept for seven years",
        description="Remove each chain's oldest entries that were kept long enough; a signed anchor stays.",
    )
    clean.set_defaults(command=_clean)


def _workers(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 64:
        raise argparse.ArgumentTypeError("give a number from 1 to 64")
    return number


# Each command imports what it needs alone, so that --help and Ctrl-C answer at once.


def _serve(arguments: argparse.Namespace) -> int:
    from src.local.screen import Screen  # noqa: PLC0415
    from src.local.serving import serve  # noqa: PLC0415

    serve(_settings(arguments), arguments.workers, Screen(_BEGAN))
    return 0


def _token(arguments: argparse.Namespace) -> int:
    from src.local.screen import Screen  # noqa: PLC0415
    from src.local.tokens import token_of  # noqa: PLC0415

    token = token_of(_settings(arguments), arguments.email, Screen(_BEGAN))
    print(token)  # noqa: T201 - what the command is for
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from src.local.retail import import_file  # noqa: PLC0415
    from src.local.screen import Screen  # noqa: PLC0415

    return import_file(_settings(arguments), arguments.file, Screen(_BEGAN))


def _work(arguments: argparse.Namespace) -> int:
    from src.local.screen import Screen  # noqa: PLC0415
    from src.local.working import run_worker  # noqa: PLC0415

    return run_worker(_settings(arguments), Screen(_BEGAN))


def _verify(arguments: argparse.Namespace) -> int:
    from src.local.auditing import verify  # noqa: PLC0415
    from src.local.screen import Screen  # noqa: PLC0415

    return verify(_settings(arguments), arguments.user_id, Screen(_BEGAN))


def _recover(arguments: argparse.Namespace) -> int:
    from src.local.auditing import recover  # noqa: PLC0415
    from src.local.screen import Screen  # noqa: PLC0415

    return recover(_settings(arguments), arguments.log, Screen(_BEGAN))


def _clean(arguments: argparse.Namespace) -> int:
    from src.local.auditing import clean  # noqa: PLC0415
    from src.local.screen import Screen  # noqa: PLC0415

    return clean(_settings(arguments), Screen(_BEGAN))


def _settings(arguments: argparse.Namespace) -> "Settings":
    from src.local.settings import read_settings  # noqa: PLC0415

    named = ((name, getattr(arguments, name, None)) for name in ("host", "port", "data_dir"))
    return read_settings({name: value for name, value in named if value is not None})


if __name__ == "__main__":
    sys.exit(main())
