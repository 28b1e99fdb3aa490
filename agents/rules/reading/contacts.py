"""E-mail addresses, telephone numbers, web addresses and UUIDs as they stand in a text."""

import re
from dataclasses import dataclass
from typing import Final

from agents.rules.text import Span

_AT: Final = r"(?: ?@ ?| ?[(\[{] ?at ?[)\]}] ?)"
_DOT: Final = r"(?:\.| ?[(\[{] ?(?:dot|punkt|point|punto) ?[)\]}] ?)"
_EMAIL: Final = re.compile(
    rf"(?<![\w.+%-])(?P<local>\w[\w.+%'-]{{0,63}}){_AT}"
    rf"(?P<domain>(?:[A-Za-z0-9\u00c0-\u017f-]{{1,63}}{_DOT}){{1,5}}[A-Za-z]{{2,24}})(?![\w@-])",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"(?:(?<![\w.,/@#€$£-])|(?<=,)(?=\+))(?:\+ ?|00)?\(?\d[\d ().\-/\u00a0]{4,24}\d"
    r"(?: ?(?:x|ext\.?|extension|dw|poste) ?\d{1,6})?(?![\w€$£%]|[.,-]\d)",
    re.IGNORECASE,
)
_IP: Final = re.compile(r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}")
_UUID: Final = re.compile(r"(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])", re.IGNORECASE)
_URL: Final = re.compile(r"(?<![\w@.])(?:https?://|www\.)[^\s<>\"|]{2,400}", re.IGNORECASE)
_SHARED: Final = re.compile(
    r"(?:[\w-]{1,12}[._-]?(?:desk|support|helpdesk)|aide|hilfe|ayuda|ajuda|aiuto|hjelp|hjaelp|pomoc|apua|yardim|destek|segitseg"
    r"|ajutor|kontor\w*|redaktion\w*|redazione|redaccion|redaction|redakcja|redakce|editor\w*|letters|leserbriefe|info|support|help|hello|hallo|contact|kontakt|sales|service|orders?|bestellung\w*|shop"
    r"|office|team|billing|accounts?|"
    r"no-?reply|do-?not-?reply|receipts?|invoices?|billing|auto-?confirm|confirmations?"
    r"|tracking|shipping|shipment\w*|admin|press|jobs|hr|customer\w*|kunden\w*|mail(?:er|box)?"
    r"|news\w*|notification\w*|postmaster|"
    r"commandes?|pedidos?|ordini|atencion\w*|service-?client\w*|versand|shipping|returns?"
    r"|feedback|enquir\w+|inquir\w+"
    r"|care|customer-?care|atendimento|verkoop|klantenservice|bestellingen|kunde(?:n|r)?service|kundtjanst|vendas|encomendas"
    r"|vent[ae]s?|tienda|boutique|negozio|vendite|ordini|assistenza|servizio\w*|zamowieni\w*|sklep|biuro|bok|obchod|eshop"
    r"|objednavky|myynti|asiakaspalvelu|tilaukset|salg|ordre|kontor|rendeles\w*|comenzi|magazin|hola|ola|ahoj|czesc|moin"
    r"|bonjour|ciao|salut|webshop|store|market|buchhaltung|einkauf|purchasing|buying|accounting|compta\w*|warehouse|lager)"
    r"(?:[._-]\w+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Email:
    value: str
    span: Span

    @property
    def mailbox(self) -> str:
        return self.value.partition("@")[0]

    @property
    def is_shared(self) -> bool:
        """A desk's mailbox, such as `support@`, and nobody's own."""
        return bool(_SHARED.fullmatch(self.mailbox))


@dataclass(frozen=True)
class Phone:
    value: str
    span: Span
    is_plain: bool


def find_emails(text: str) -> list[Email]:
    """Every address, also where `@` is written out as `(at)`."""
    return [Email(_address(match), Span(*match.span())) for match in _EMAIL.finditer(text)]


def _address(match: re.Match[str]) -> str:
    domain = re.sub(
        r" ?[(\[{] ?(?:dot|punkt|point|punto) ?[)\]}] ?", ".", match["domain"], flags=re.IGNORECASE
    )
    return f"{match['local']}@{domain}"


def find_phones(text: str) -> list[Phone]:
    """Everything written like a telephone number; `is_plain` where only a label can tell that it is one."""
    found: list[Phone] = []
    for match in _PHONE.finditer(text):
        start = match.start() + (match.group().startswith("(") and ")" not in match.group())
        raw = text[start : match.end()]
        digits = sum(character.isdigit() for character in raw)
        if 6 <= digits <= 17 and raw.count("(") == raw.count(")") and not _IP.fullmatch(raw):
            found.append(Phone(raw, Span(start, match.end()), is_plain=not _looks_dialled(raw, digits)))
    return found


def _looks_dialled(raw: str, digits: int) -> bool:
    if raw.startswith("00"):
        return digits >= 11
    if raw.startswith(("+", "(")):
        return digits >= 8
    groups = re.findall(r"\d+", raw)
    if re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}", raw):
        return False
    if raw.startswith("0"):
        return 9 <= digits <= 12 and len(groups) >= 2
    return digits in (9, 10, 11) and len(groups) >= 3 and all(2 <= len(group) <= 4 for group in groups[1:])


def find_uuids(text: str) -> list[Span]:
    return [Span(*match.span()) for match in _UUID.finditer(text)]


def find_urls(text: str) -> list[Span]:
    return [
        Span(match.start(), match.end() - len(match.group()) + len(match.group().rstrip(".,;:!?)'")))
        for match in _URL.finditer(text)
    ]
