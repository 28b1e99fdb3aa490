"""The page: its parts one after another, in one file that loads nothing."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

from evals.html.before import against_baseline
from evals.html.efforts import against_effort, steadiness
from evals.html.kinds import by_kind
from evals.html.markup import Html, element, joined
from evals.html.scores import by_data_set, by_field, by_metric
from evals.html.summary import head
from evals.html.tables import all_figures
from evals.html.worst import worst_cases
from evals.report import Report

_HERE: Final = Path(__file__).parent


def page(report: Report, baseline: Report | None) -> Html:
    parts: dict[str, Html | None] = {
        "Against the baseline": against_baseline(report, baseline) if baseline else None,
        "Scores by data set": by_data_set(report),
        "Scores by metric": by_metric(report),
        "Fields": by_field(report),
        "Languages and tags": by_kind(report),
        "What it takes": against_effort(report),
        "Steadiness": steadiness(report),
        "All figures": all_figures(report),
        "Worst cases": worst_cases(report),
    }
    told = {title: part for title, part in parts.items() if part}
    content = (_part(title, part) for title, part in told.items())
    body = element("body", head(report, baseline), _contents(list(told)), element("main", content), _script())
    return joined(Html("<!doctype html>\n"), element("html", _head(report), body, lang="en"), "\n")


def _head(report: Report) -> Html:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy()),
        element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"Evals of {', '.join(report.models) or 'nothing'}, {report.began:%d %B %Y}"),
        element("style", Html(_file("page.css"))),
    )


def _policy() -> str:
    """Cases hold what attackers write: should it ever get through as markup, it may neither run nor load."""
    digest = b64encode(sha256(_file("page.js").encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'"


def _script() -> Html:
    return element("script", Html(_file("page.js")))


def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _contents(titles: list[str]) -> Html | None:
    links = (element("li", element("a", title, href=f"#{_anchor(title)}")) for title in titles)
    return element("nav", element("ul", links), aria_label="Contents") if titles else None


def _part(title: str, content: Html) -> Html:
    return element("section", element("h2", title), content, id=_anchor(title))


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")
