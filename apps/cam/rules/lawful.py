"""On what ground a stranger at a company may be written to, by country.

This is how we read the laws named here, and no legal advice: have it checked for the countries you write to. What is
not listed is held back until somebody has looked it up. In every country each mail says who writes, where they sit and
how to be left alone, and a wish to be left alone is final.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from apps.cam.rules.domains import is_freemail

LEGITIMATE_INTEREST = "LEGITIMATE_INTEREST"
CONSENT = "CONSENT"
OPTED_IN = frozenset({CONSENT, "SOFT_OPT_IN"})


@dataclass(frozen=True)
class CountryRule:
    """What a country asks for (`needs`) before a person's address at a company is written to, and where it says so."""

    needs: str
    source: str


def _rules(needs: str, **sources: str) -> dict[str, CountryRule]:
    return {country: CountryRule(needs, source) for country, source in sources.items()}


RULES: Mapping[str, CountryRule] = MappingProxyType(
    {
        **_rules(
            LEGITIMATE_INTEREST,
            US="CAN-SPAM Act, 15 U.S.C. 7701: no consent, but an address and a way out",
            GB="PECR 2003, reg. 22: individual subscribers alone; UK GDPR art. 6(1)(f)",
            IE="S.I. 336/2011, reg. 13: persons in their trade may be written to until they object",
            FR="CNIL on art. L34-5 CPCE: about their profession, until they object",
            SE="Marknadsföringslagen 2008:486, 19 §: natural persons alone",
            FI="Laki 917/2014, 200 and 202 §: legal persons until they object",
            EE="Elektroonilise side seadus, § 103-1: legal persons until they object",
            PT="Lei 41/2004, art. 13-A and 13-B: legal persons until they object",
            HU="2008. évi XLVIII. tv., 6 §: natural persons alone",
            LU="Loi du 30 mai 2005, art. 11: natural persons alone",
            HR="Zakon o elektroničkim komunikacijama, čl. 50: legal persons until they object",
            BR="LGPD (Lei 13.709/2018), art. 7 IX",
        ),
        **_rules(
            CONSENT,
            DE="UWG § 7 Abs. 2 Nr. 2: consent, of companies, too",
            AT="TKG 2021 § 174: consent, of companies, too",
            CH="UWG Art. 3 Abs. 1 lit. o: consent",
            ES="LSSI 34/2002, art. 21: express request or consent",
            IT="D.lgs. 196/2003, art. 130: consent, of companies, too",
            NL="Telecommunicatiewet, art. 11.7: consent, of companies, too",
            BE="Code de droit économique, art. XII.13: consent, but for addresses of nobody in particular",
            DK="Markedsføringsloven § 10: consent, of companies, too",
            NO="Markedsføringsloven § 15: consent of natural persons, at work, too",
            PL="Prawo komunikacji elektronicznej (2024), art. 398: consent",
            CZ="Zákon 480/2004 Sb., § 7: consent",
            GR="Law 3471/2006, art. 11: consent",
            CA="CASL, S.C. 2010 c. 23, s. 6: consent, express or implied",
            AU="Spam Act 2003, s. 16: consent, express or inferred",
            NZ="Unsolicited Electronic Messages Act 2007, s. 9: consent",
            ZA="POPIA 2013, s. 69: consent",
            IL="Communications Law, s. 30A: consent",
        ),
    }
)


def why_not_lawful(
    country: str,
    domain: str,
    bases: Collection[str],
    *,
    has_withdrawn: bool = False,
    rules: Mapping[str, CountryRule] = RULES,
) -> str:
    """Return why there is no ground to write to a lead, empty where there is one.

    `bases` are those on record and in force; `has_withdrawn` where the last thing the lead said was a no.
    """
    if has_withdrawn:
        return "They have taken their consent back."
    if not country:
        return "Their country is not known, and with it whether they may be written to."
    rule = rules.get(country)
    if rule is None:
        return f"What the law of {country} asks for is not written down here."
    if OPTED_IN.intersection(bases):
        return ""
    if rule.needs == CONSENT:
        return f"{country} asks for consent, and none is on record ({rule.source})."
    if is_freemail(domain):
        return f"{domain} is where private people have addresses: they must have consented."
    return ""
