"""What a text's outline tells: careers and certificates, lists of referees, messages that are sent on."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from agents.rules.text import Span, fold
from agents.rules.vocabulary import alternatives, load

_SENT_ON: Final = re.compile(
    r"^[ >]*(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp|amne|emne|temat|predmet|aihe|konu"
    r"|targy|subiect)"
    r" ?: ?(?:re: ?|aw: ?){0,2}(?:fwd?|wg|tr|rv|i|enc|doorst|vb|vs|pd|vl|ilt|iltm|fwd)\b ?:",
    re.MULTILINE,
)
ABOUT_FIRST: Final = re.compile(
    r"to whom it may concern|(?:hereby|this is to) (?:certify|confirm)|(?:zwischen|arbeits|dienst)zeugnis"
    r"|arbeitsbestatigung"
    r"|attestation d|certificat de travail|lettre de recommandation|certificado de (?:trabajo|empresa)"
    r"|carta de recomendacion"
    r"|a quien corresponda|a quien pueda interesar|lettera di (?:referenze|raccomandazione)"
    r"|certificato di servizio"
    r"|a chi di competenza|carta de recomendacao|a quem (?:possa interessar|de direito)"
    r"|declaracao de servico|getuigschrift"
    r"|werkgeversverklaring|aanbevelingsbrief|tjanstgoringsintyg|arbetsintyg|anbefaling|attest for"
    r"|swiadectwo pracy"
    r"|list referencyjny|zaswiadcz|potvrzeni o zamestnani|tyotodistus|suosituskirje|calisma belgesi"
    r"|ilgili makama"
    r"|munkaltatoi igazolas|adeverinta|scrisoare de recomandare"
    r"|^[^\w\n]{0,6}(?:work |professional )?(?:experience|employment|education|curriculum vitae|cv|resume"
    r"|berufserfahrung|werdegang"
    r"|ausbildung|lebenslauf|experience professionnelle|formation|experiencia|formacion|esperienza"
    r"|istruzione|formazione"
    r"|experiencia profissional|formacao|werkervaring|opleiding|erfarenhet|utbildning|erfaring|uddannelse"
    r"|utdanning|doswiadczenie"
    r"|wyksztalcenie|zivotopis|praxe|vzdelani|tyokokemus|koulutus|deneyim|egitim|oneletrajz|tapasztalat|experienta|studii)"
    r"[^\w\n]{0,6}$",
    re.MULTILINE,
)
_REFEREES: Final = re.compile(
    r"^[^\w\n]{0,6}(?:references?|referees?|referenz(?:en)?|referencias|referenze|referencias|referenties|referenser"
    r"|referencer|referanser|referencje|suosittelijat|reference|referinte|referanslar|referenciak|recommandations"
    r"|personnes a contacter)[^\w\n]{0,6}$",
    re.MULTILINE,
)
_HEADING: Final = re.compile(
    r"^[^\w\n]{0,6}[^\W\d_a-zà-ÿ]{4,20}(?: [^\W\d_a-zà-ÿ&]{1,20}){0,3}[^\w\n]{0,6}$", re.MULTILINE
)
_HEAD: Final = 1500


def find_referees(text: str, folded: str) -> Iterator[Span]:
    """What stands below a heading such as `References`, up to the next heading."""
    for match in _REFEREES.finditer(folded):
        end = _HEADING.search(text, match.end())
        yield Span(match.end(), end.start() if end else len(text))


def is_sent_on(text: str) -> bool:
    """Whether the messages below are what the first one is about: `FW: ...`, `the one at the bottom`."""
    head = fold(text[:_HEAD])
    own = re.split(r"^[ \t]*>", head, maxsplit=1, flags=re.MULTILINE)[0]
    return bool(_SENT_ON.search(head) or _pointing().search(own))


@cache
def _pointing() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternatives(load('presenting')['below']['phrases'])})(?!\w)")
