"""Which finder knows a meaning: every place of the text that may hold a value, with how plainly it does."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from agents.rules.extraction import customers, ordering, personal
from agents.rules.extraction.scope import Finder, Query, labelled
from agents.rules.extraction.values import Candidate
from agents.rules.text import trimmed

PARTS: Final = ("address1", "address2", "city", "state", "country", "zip")


def candidates(query: Query) -> list[Candidate]:
    """What may be the value of a property with this meaning."""
    return [each for meaning in query.wanted.meanings for each in _FINDERS.get(meaning, labelled)(query)]


def _part(part: str) -> Finder:
    def find(query: Query) -> list[Candidate]:
        span = query.scope.place.parts.get(part) if query.scope.place else None
        return [query.candidate(span, 9)] if span else []

    return find


def _whole_address(query: Query) -> list[Candidate]:
    place = query.scope.place
    if place is None or place.parts.keys().isdisjoint(("address1", "city", "zip")):
        return []
    span = trimmed(query.text, place.span.start, place.span.end)
    return [Candidate(re.sub(r"\n[\s>]*", "\n", span.of(query.text)), span, 9)]


def _of_order(find: Finder) -> Finder:
    """A finder that reads only what tells of the order in question."""
    return lambda query: find(Query(replace(query.scope, reader=query.reader.order), query.wanted))


def _customers(of_orders: Finder, of_others: Finder) -> Finder:
    """In an order without a person of its own, what is told of the customer comes first."""

    def find(query: Query) -> list[Candidate]:
        is_customers = query.scope.group == "order" and not query.wanted.roles & {
            "shipping",
            "billing",
            "vendor",
        }
        if is_customers and not ordering.is_told(query):
            return []
        return (of_orders(query) if is_customers else []) or of_others(query)

    return find


def _each(names: tuple[str, ...], make: Callable[[str], Finder]) -> dict[str, Finder]:
    return {name: make(name) for name in names}


_FINDERS: Final[dict[str, Finder]] = {
    "full_name": _customers(customers.customer_names, personal.full_names),
    "first_name": personal.name_part(lambda person: person.name.first, "first_name"),
    "last_name": personal.name_part(lambda person: person.name.last, "last_name"),
    "email": _customers(customers.customer_emails, personal.emails),
    "phone": personal.phones,
    "mobile": personal.phones,
    "birth_date": personal.births,
    "company": personal.companies,
    "job_title": personal.jobs,
    "website": personal.websites,
    "address": _whole_address,
    "payment_method": ordering.payments,
    "currency": _of_order(ordering.currencies),
    **_each(PARTS, _part),
    **_each(ordering.CELLS, lambda key: _of_order(ordering.cell(key))),
    **dict.fromkeys(ordering.DAYS, _of_order(ordering.days)),
    **dict.fromkeys(ordering.TOTALS, _of_order(ordering.totals)),
    **dict.fromkeys(ordering.IDS, _of_order(ordering.identifiers)),
}
