"""Words that are no names, though they stand in names, streets and towns."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES: Final = _words(
    "al am an and auf av bei bin bint d da das de degli dei del della den der des di do dos du e el en f i "
    "il im in l la las le les lo los na nad o of op pod san sankt sous st sur ten ter the und upon van vom "
    "von y z zu zum zur"
)
"""They tell nothing of anybody, and stay as they are."""

STREETS: Final = _words(
    "alameda allee alley apartment appartement appt apt av ave avenida avenue bat batiment bis bldg block "
    "blvd boulevard building calle camino carrer carretera chaussee chemin circle close corso court crescent "
    "ct dr drive east esplanade etage etg fl flat floor gasse gate gracht hauptstrasse haus highway "
    "hinterhaus house hwy kade laan lane ln loop nord norte north o oeste og parkway paseo passage piano "
    "piazza pkwy pl plac place platz plaza plein po porta praca quai quay rd residence rm road room route "
    "row rua rue ruta s scala sector south sq square steg stiege stock str straat strada strasse street sud "
    "suite sur terrace trail ul ulica ulice unit via viale vicolo w way weg west wohnung"
)
"""What streets and flats are called everywhere, without accents."""

STREET_ENDINGS: Final = (
    "strasse",
    "straat",
    "gatan",
    "gracht",
    "gasse",
    "platz",
    "plein",
    "allee",
    "vagen",
    "damm",
    "ufer",
    "laan",
    "steig",
    "weg",
)

COMPANIES: Final = _words(
    "ab ag as aps bv co company corp corporation cv gmbh group inc kg kgaa limited llc llp ltd nv ohg oy oyj "
    "plc pte pty sa sarl sas sl spa srl se ug ulc"
)
"""What companies are called everywhere."""

METHODS: Final = _words("account bank card credit debit gift paypal voucher")
"""What ways of paying are called."""

MAILBOXES: Final = _words(
    "account accounts admin billing contact customer customers desk email hello help info invoice mail news "
    "office online order orders post private reply sales service shop shopping store support team web work"
)
"""What stands in e-mail addresses beside names."""

COMMON: Final = _words(
    "am an angel art as at august autumn bath bay be beach bill bird black blue bob booker brook brown "
    "buffalo bush by carol case chance chase chip christian city cliff cook cross dale dark dawn day dean "
    "dear deep dick do dolly drew du earl early east er es eve fair faith farmer faust field fine fish fox "
    "frank free gene go gold good grace grand grant gray green grey guy hall harmony he hill holly home "
    "honor hope hunter ice if in is ist it ivy jack jean jewel joy june junior king lake lance land las last "
    "law lee les lily little lone long los love mark mason mat max may me merry mike mit mobile moon my new "
    "nice no noble noon north oak of ok old olive on or order page pan paris park parker pat patience pearl "
    "penny pete phoenix pike pin pink point pool pope price prince queen rain ray reading red reed rich rick "
    "river rob robin rock rod rose ruby rusty ryan sage sand sandy say sea shade silver singer sky small "
    "smart so son south spring star stone storm sue summer sun sunny swan sweet tab taylor ted temple tiny "
    "to tom tone trip troy turner un up us val van victor wade wall ward water way we weeks west white will "
    "winter wood worth yes young"
)
"""Names that are words of their own as well: in lower case they are taken for the word."""
