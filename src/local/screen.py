"""What a person sees: on standard error, so that standard output stays free for what other programs read."""

import shlex
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from src.config import Settings, Stage
from src.local.home import locate


class Screen:
    """Progress and summary of one command; `began` is when the command did, on the monotonic clock."""

    def __init__(self, began: float) -> None:
        self.console = Console(stderr=True, highlight=False)
        self._began = began

    @contextmanager
    def busy(self, what: str) -> Generator[None]:
        with self.console.status(what):
            yield

    def ready(self, part: str) -> None:
        self.console.print(f"[green]✓[/] {escape(part)} [dim]{self._elapsed()}[/]")

    def say(self, sentence: str) -> None:
        self.console.print(escape(sentence), soft_wrap=True)

    def summary(self, settings: Settings, url: str) -> None:
        """In one piece, whatever else is written meanwhile."""
        with self.console.capture() as whole:
            self._summary(settings, url)
        self.console.file.write(whole.get())
        self.console.file.flush()

    def _summary(self, settings: Settings, url: str) -> None:
        rows = {"API": url, "Docs": f"{url}/docs", "Model": settings.agent_model}
        if settings.stage is Stage.LOCAL:
            rows["Data"] = str(locate(settings.data_dir))
        table = Table.grid(padding=(0, 2))
        for name, value in rows.items():
            table.add_row(f"  [bold]{name}[/]", f"[cyan]{escape(value)}[/]")
        self.console.print(f"\n[bold green]Orderdesk is ready[/] [dim]after {self._elapsed()}[/]\n")
        self.console.print(table)
        if settings.stage is Stage.LOCAL:
            self._invite(settings, url)
        self.console.print("\n  [dim]Ctrl-C stops it and all that it has started.[/]")

    def _invite(self, settings: Settings, url: str) -> None:
        command = "uv run orderdesk token"
        if settings.data_dir != Path("data"):
            command += f" --data-dir {shlex.quote(str(locate(settings.data_dir)))}"
        lines = (
            f"TOKEN=$({command} --as customer@example.com)",
            f'curl -s {url}/api/agents/support/chat -H "Authorization: Bearer $TOKEN" '
            "-H 'Content-Type: application/json' -d '{\"message\": \"Which orders do I have?\"}'",
        )
        self.console.print("\n  Try it in another terminal, as customer@, support@ or admin@example.com:\n")
        for line in lines:
            self.console.print(f"[cyan]{escape(line)}[/]", soft_wrap=True)

    def _elapsed(self) -> str:
        return f"{monotonic() - self._began:.1f} s"
