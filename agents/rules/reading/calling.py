"""Words before a number that say whether it is dialled: `ring me on`, or `VAT no.`."""

import re
from typing import Final

CALLED: Final = re.compile(
    r"\b(?:call|ring\w*|phone|reach|dial|text|tel\w*|tlf\w*|puh\w*|mob\w*|cell|ruf\w*|anruf\w*|erreich\w*|nummer\w*|numer\w*"
    r"|number|appel\w*|rappel\w*|joindre|joignable|llam\w*|chiam\w*|richiam\w*|lig[ua]\w*|bel\w{0,3}"
    r"|terugbel\w*|nas pa"
    r"|na dig|dzwon\w*|zadzwon\w*|oddzwon\w*|zavol\w*|volej\w*|cislo|soit\w*|numero\w*|ara\w*|hiv\w*"
    r"|szam\w*|sun\w*)\b"
    r"[^\n;!?]{0,24}$"
)
REGISTERED: Final = re.compile(
    r"\b(?:tunnus|nip|regon|krs|ico|dic|ust\S*|vat|tva|cif|nif|nipc|siret|siren|rcs|org\S*nr|cvr|kvk|btw"
    r"|p\.? ?iva|iban"
    r"|konto\w*|adoszam|cui|mersis|vergi\w*|reg\w*|ref\w*|cust\w*|id)[ .:#]*(?:n[or]\.?|nummer"
    r"|number)?[ .:#]*$"
)
