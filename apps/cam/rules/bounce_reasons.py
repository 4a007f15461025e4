"""What mail systems say when they do not deliver, by reason: data for `rules/bounces.py`.

A reason is hard where the address itself is dead (nobody of that name, no such domain, moved away): never write there
again. It is soft where the same mail, or another, may arrive later: a full mailbox, a server out of order, and every
block for reputation or content too, because that says something about us and nothing about the address.
"""

import re
from dataclasses import dataclass

from apps.cam.rules.languages import any_of

_SOMEBODY = (
    r"(?:users?|recipients?|recipient'?s? (?:e-?mail )?address|mail ?box(?:es)?|"
    r"accounts?|address(?:es)?|addressee|user ?id|e-?mail)"
)
_NEAR = r"[^.;\n]{0,60}?"
OUT_OF_SERVICE = "account out of service for now"


@dataclass(frozen=True)
class Reason:
    """Why a mail was not delivered, and how mail systems say so."""

    name: str
    is_hard: bool
    words: re.Pattern[str]


def _reason(name: str, kind: str, *phrases: str) -> Reason:
    return Reason(name, kind == "hard", any_of(phrases))


REASONS = (
    _reason(
        "mailbox full",
        "soft",
        (
            rf"(?:{_SOMEBODY}|inbox|folder|maildir|directory|storage|disk){_NEAR}\b(?:full|"
            rf"over ?-?quota|over (?:its |the |their )?(?:storage |disk )?(?:quota|limit)"
            rf"|(?:quota|storage|space|size)\b{_NEAR}exceed|exceed(?:s|ed)?{_NEAR}(?:quota|"
            rf"storage|size|space|limit))\b"
        ),
        r"\bover ?quota\b",
        r"\bquota (?:has been )?(?:exceeded|full|violation)",
        r"\bexceed(?:s|ed|ing)?\b[^.;\n]{0,40}\b(?:quota|storage|disk space|mailbox size)",
        r"\b(?:disk|mailbox|storage) quota\b",
        r"\binsufficient (?:disk |storage )?space",
        r"\bnot enough (?:storage |disk |free )?(?:space|storage)",
        r"\bspace (?:is )?not enough",
        r"\bout of storage",
        r"一杯",
        r"已满",
        r"已滿",
        r"\bno space left in (?:mailbox|inbox)",
        r"\btoo much mail data",
        r"\bmailbox size limit",
        r"\bwould be over\b[^.\n]{0,20}quota",
        r"\bfull mailbox\b",
        r"\bmail_?box_?is_?full\b",
        r"\bstorequota\b",
        r"\bunder quota\b",
        r"postfach\b[^.\n]{0,60}\bvoll",
        r"speicherplatz",
        r"bo[iî]te\b[^.\n]{0,60}\b(?:pleine|satur[ée]e)",
        r"buz[óo]n\b[^.\n]{0,60}\blleno",
        r"caixa\b[^.\n]{0,60}\bcheia",
        r"casella\b[^.\n]{0,40}\bpiena",
        r"переполнен",
        r"квота",
    ),
    _reason(
        "we were refused as the sender",
        "soft",
        (
            r"\b(?:sender|sender's|from|return|envelope|originator|mail from|reverse-?path)"
            r"\b(?: e-?mail)? (?:address |domain |mailbox |address is |verify )?(?:is |"
            r"was |has )?(?:not |been )?(?:rejected|refused|denied|invalid|unknown|blocked|"
            r"failed|verification|undeliverable|unverified|unroutable|does ?n[o'])"
        ),
        (
            r"\b(?:bad|invalid|illegal|unknown|unrouteable|unroutable|unacceptable|unresolvable|"
            r"null|empty) (?:sender|return|envelope|from|originator)"
        ),
        r"\bsender (?:id|domain|verif|callout)",
        r"\bnot a (?:valid|known) sender",
        r"\bdomain of sender",
        r"\bsender's? domain",
        r"\bsender is not",
        (
            r"\byour (?:domain|e-?mail address|ip|host|server|mail server)\b[^.\n]{0,60}\b(?:not (?:exist|"
            r"found|resolv|valid|allowed|accept)|rejected|blocked|listed|banned|denied|"
            r"refused)"
        ),
        r"\binvalid ip\b",
        r"\bno (?:such user|mx|a or mx)[^.\n]{0,30}\bfor (?:the )?sender",
        r"\bmail from\b[^.\n]{0,40}\b(?:rejected|refused|denied|invalid)",
    ),
    _reason(
        OUT_OF_SERVICE,
        "soft",
        (
            rf"\b{_SOMEBODY}\b{_NEAR}\b(?:disabled|suspended|inactive|not active|locked|"
            rf"deactivated|discontinued|expired|not enabled|frozen|on hold|restricted)"
            rf"\b"
        ),
        rf"\b(?:disabled|suspended|inactive|locked|deactivated|frozen) (?:{_SOMEBODY})\b",
        r"\baccount that you tried to reach is (?:disabled|inactive)",
    ),
    _reason(
        "nobody of that name",
        "hard",
        r"\b(?:user|recipient|addressee|mailbox|address|account|local part)(?: name| address)? (?:is )?unknown",
        (
            r"\bunknown (?:(?:or |/)?(?:illegal|invalid)? ?)?(?:virtual |local |e-?mail )?(?:user|"
            r"recipient|address|addressee|mailbox|account|rcpt|local[ -]?part|alias)"
        ),
        (
            r"\bno such (?:user|recipient|mail ?box|address|person|account|local user|"
            r"virtual user|e-?mail|alias|name|id|customer)"
        ),
        (
            r"\bno (?:mailbox|account|user|recipient)s? (?:here|by that name|with that name|"
            r"of that name|found|named|matching)"
        ),
        (
            rf"\b(?:not|isn't|no) (?:a |an )?(?:valid|known|existing|registered|legal|"
            rf"active) (?:e-?mail )?{_SOMEBODY}\b"
        ),
        (
            rf"\b(?:invalid|illegal|non-?existent|nonexistant|unrecognized|undeliverable|"
            rf"incorrect|bad) (?:local |final |delivery |recipient |destination |e-?mail ){0, 2}(?:{_SOMEBODY}|"
            rf"rcpt|local[ -]?part|mailbox address|recipients?\(?s?\)?)\b"
        ),
        (
            rf"\b{_SOMEBODY}\b{_NEAR}\b(?:(?:does|do|did)(?: not|n't) (?:currently )?exist|"
            rf"not exist|(?:was |were |is |are |could )?(?:not|n't)(?: be)? (?:found|"
            rf"known|valid|recognized|listed|located|registered|defined)|(?:is |was )?(?:unknown|"
            rf"invalid|non-?existent)|(?:is )?no longer (?:exist|valid|in use|used|here|"
            rf"accepting|on (?:our )?server)|no exist)"
        ),
        (
            r"\b(?:couldn't|could not|cannot|can't|unable to) (?:be found|find (?:the |"
            r"your )?(?:user|recipient|mailbox|account|address))"
        ),
        r"\bwasn't found (?:at|in)\b",
        r"\bdoesn't have (?:an?|a [^\s]+) [^\n]{0,30}account",
        r"\bdoes not have an? [^\n]{0,30}(?:account|mailbox)",
        r"\bnot listed in (?:the |domino|public|[^\n]{0,20}(?:directory|address book))",
        r"\bnot in (?:the )?(?:address book|directory)",
        r"\bnot (?:our customer|a user here|found in (?:ldap|directory|the directory|active directory))",
        r"\b(?:recipnotfound|ruleresolver|adr_?notfound)",
        r"\bmailbox (?:is )?(?:currently )?(?:unavailable|not available)",
        r"\brequested action not taken",
        r"\bunrout(?:e)?able address",
        r"\bunknown or (?:illegal|invalid) alias",
        r"\bdelivery is not authorized to (?:this|unknown)",
        r"\bcan't (?:create|open) (?:user|output) mail(?:box| file)",
        (
            r"\brecipient address rejected: (?:access denied|undeliverable|unverified|"
            r"invalid|address unknown|unknown|no such|.{0,40}(?:not found|not exist)"
            r")"
        ),
        r"\ball recipients (?:are |were )?(?:invalid|refused)",
        r"\bno valid recipients?",
        r"\brecipient rejected",
        r"\brejecting for unknown",
        r"\bverify (?:the )?recipient",
        r"\bverification failed for",
        r"\brecipient verif",
        r"\baddress does not exist",
        r"\bnot accepting mail for (?:this )?(?:user|recipient|address)",
        r"\bsorry, no mailbox",
        r"\bundeliverable to\b",
        r"\bthis address no longer",
        r"\brecipient address rejected[ .(]*$",
        r"\bmail ?box (?:not found|does not exist)",
        r"\bhas been (?:deleted|removed)",
        r"\baccount (?:is |was |has been )?(?:closed|deleted|cancell?ed|terminated)",
        r"\b(?:employee|user|person)\b[^.\n]{0,40}\b(?:no longer (?:works|employed|with)|has left|left the)",
        r"empf[äa]nger\b[^.\n]{0,40}\b(?:unbekannt|nicht gefunden|existiert nicht)",
        r"adresse\b[^.\n]{0,60}\b(?:nicht gefunden|existiert nicht|ung[üu]ltig|unbekannt)",
        (
            r"(?:adresse|destinataire|utilisateur)\b[^.\n]{0,60}\b(?:introuvable|n'existe pas|"
            r"inconnue?|invalide|n'a pas [ée]t[ée] trouv)"
        ),
        (
            r"(?:direcci[óo]n|usuario|destinatario|buz[óo]n)\b[^.\n]{0,60}\b(?:no existe|"
            r"no se (?:ha )?encontr|desconocid|no encontrad|inv[áa]lid)"
        ),
        r"no se encontr[óo] la direcci[óo]n",
        (
            r"(?:endere[çc]o|usu[áa]rio|utilizador|destinat[áa]rio)\b[^.\n]{0,60}\b(?:n[ãa]o (?:existe|"
            r"foi encontrad|foi localizad)|desconhecid|inv[áa]lid)"
        ),
        r"不存在",
        r"存在しない",
        r"見つかりません",
        r"не найден",
        r"не существует",
        r"нет такого",
        r"неизвестн",
        r"nie istnieje",
        r"indirizzo\b[^.\n]{0,40}\b(?:inesistente|non esiste|non trovato)",
        r"utente\b[^.\n]{0,40}\b(?:sconosciuto|inesistente)",
    ),
    _reason(
        "no such domain",
        "hard",
        (
            r"\b(?:host|domain|server)(?: name| or domain name)? (?:is )?(?:not found|"
            r"unknown|does ?n[o']t exist|non-?existent|not resolvable)"
        ),
        r"\b(?:unknown|no such|non-?existent|illegal|invalid) (?:mail )?(?:host|domain)\b",
        r"\bnxdomain\b",
        r"\bhost[^\n]{0,20}domain[^\n]{0,20}(?:not|n't) (?:be )?(?:found|valid|exist)",
        (
            r"\b(?:couldn't|could not|cannot|can't|unable to) (?:find|resolve|look ?up)"
            r"[^.\n]{0,40}\b(?:host|domain|mx|mail exchanger|address record)"
        ),
        r"\bno (?:host|domain) (?:by|of) (?:the|that) name",
        r"\bunrouteable mail domain",
        r"\bunable to route",
        r"\bbad destination (?:system|mailbox) address",
        r"\bno route (?:found )?to (?:domain|host)",
        r"\bno (?:mx|mail exchanger|a) records?\b",
        r"\bnull ?mx\b",
        r"\bdns lookup failure",
        r"\bnon-?existent (?:host|domain)",
        r"\bdomain (?:name )?(?:could not|couldn't) be (?:found|resolved)",
        r"\bname or service not known",
        r"\bno address associated with",
        r"\bdomain (?:isn't|is not) (?:valid|known)",
        (
            r"\b(?:domain|host|server)\b[^.\n]{0,40}\b(?:does not accept|doesn't accept|"
            r"not accept(?:ing)?|doesn't receive) (?:any )?(?:e-?mail|mail|messages)"
        ),
        r"\bdomain (?:has )?expired",
        r"\bno mail server",
    ),
    _reason(
        "moved away",
        "hard",
        r"\b(?:user|recipient|account|mailbox|person)? ?has (?:been )?moved\b",
        r"\baddress (?:has|was) (?:been )?changed",
        r"\bchanged (?:his|her|their|its|to a new|my)? ?(?:e-?mail )?address",
        r"\bnew e-?mail address",
        r"\buser not local",
        r"\bmoved permanently",
        r"\bplease (?:use|try) (?:the )?(?:new|following) address",
        r"\bhas been replaced by",
    ),
    _reason(
        "asked to try again",
        "soft",
        r"\bgr[ae]y ?-?list",
        r"\btry (?:again )?later",
        r"\btemporar(?:y|ily)\b",
        r"\bplease (?:retry|try again)",
        r"\bdeferred\b",
        r"\bwarning: (?:message|mail)",
        r"\bwill (?:keep|continue) (?:on )?try",
        r"\bdelayed\b",
        r"\bretry time(?:out)? (?:not )?(?:reached|exceeded)",
        r"\bresources temporarily",
        r"\bverz[öo]gert",
        r"\breintent",
        r"\bretard[ée]",
    ),
    _reason(
        "blocked as spam, or by policy",
        "soft",
        r"\bspam\b",
        r"\bspamhaus",
        r"\bblack ?-?list",
        r"\bblock ?-?list",
        r"\bdeny ?-?list",
        r"\bblocked\b",
        r"\brbl\b",
        r"\bdnsbl",
        r"\breputation",
        r"\bpolicy\b",
        r"\bpolicies\b",
        r"\bunsolicited",
        r"\bbulk (?:e-?mail|mail)",
        r"\bjunk\b",
        r"\bcontent (?:rejected|filter|denied)",
        r"\bprohibited",
        r"\bnot (?:authori[sz]ed|allowed|permitted|accepted)\b",
        r"\baccess denied",
        r"\bpermission denied",
        r"\bbanned\b",
        r"\brestrict",
        r"\bsuspicious",
        r"\bmalicious",
        r"\bvirus",
        r"\bmalware",
        r"\bphish",
        r"\bspf\b",
        r"\bdkim\b",
        r"\bdmarc\b",
        r"\bauthenticat",
        r"\brelay(?:ing)?\b",
        r"\bptr\b",
        r"\breverse dns",
        r"\brdns\b",
        r"\bhelo\b",
        r"\behlo\b",
        r"\bsender (?:address |domain )?(?:rejected|refused|denied|verify failed|invalid)",
        r"\brejected by (?:the )?(?:recipient|user|filter|server|content)",
        r"\bmessage (?:content )?(?:was )?(?:rejected|refused|filtered|denied)",
        r"\bbarracuda\b",
        r"\bmimecast\b",
    ),
    _reason(
        "too much at once",
        "soft",
        r"\btoo many (?:connections|messages|recipients|errors|concurrent|sessions|hops|emails|invalid)",
        r"\brate ?-?limit",
        r"\bthrottl",
        r"\btoo (?:fast|quickly)",
        r"\bexcessive",
        r"\bunusual (?:rate|volume|sending)",
        r"\b(?:sending|hourly|daily) (?:limit|quota)",
        r"\blimit (?:has been )?exceeded",
        r"\bmax(?:imum)? (?:number of )?(?:connections|emails|messages)",
    ),
    _reason(
        "message refused for its size or form",
        "soft",
        r"\b(?:message|mail|e-?mail|data|attachment) (?:size )?(?:is )?(?:too (?:large|big|long)|exceeds)",
        r"\bmessage size",
        r"\bsize limit",
        r"\btoo large",
        r"\bfile extension",
        r"\battachment",
        r"\bbad (?:header|message)",
        r"\brfc ?(?:5322|5321|2822|822)\b(?!;)",
        r"\bnot rfc",
        r"\bline too long",
        r"\bheader",
    ),
    _reason(
        "server or network out of order",
        "soft",
        r"\btimed? ?-?out",
        r"\bqueue too long",
        r"\bmultiple retries",
        r"\b(?:after|failed|exceeded)\b[^.\n]{0,30}\battempts",
        r"\bsocket error",
        r"\brequests to connect",
        r"\bnot reachable",
        r"\bfailing for a long time",
        r"\bcould not find a gateway",
        r"\babort(?:ed|ing) after",
        r"\bmaximum delivery",
        r"\bconnection (?:refused|reset|lost|dropped|closed|timed|was)",
        r"\bno route to host",
        r"\bnetwork",
        r"\bunreachable",
        r"\bloop\b",
        r"\bloops back",
        r"\bhop count",
        r"\btoo many hops",
        r"\blocal (?:configuration )?error",
        r"\bsystem (?:error|failure|config|resources)",
        r"\bconfiguration error",
        r"\bi/o error",
        r"\binput/output",
        r"\bcannot open",
        r"\bdisk full",
        r"\bno space left",
        r"\bserver (?:error|failure|busy|not available|unavailable|down)",
        r"\bservice (?:unavailable|not available)",
        r"\bnot responding",
        r"\bexpired\b",
        r"\bunable to (?:connect|contact)",
        r"\bcould not connect",
        r"\bprocess(?:ing)? (?:failed|error)",
        r"\bpipe\b",
        r"\bcommand (?:died|failed|not)",
        r"\bprogram\b",
        r"\btls\b",
        r"\bmail system",
        r"\binternal error",
        r"\bresource",
    ),
)

HARD_STATUS = re.compile(r"5\.(?:1\.(?:0|1|2|3|4|6|10)|4\.4)\Z")
"""Bad destination mailbox or system, moved, null MX; no answer from the domain's name servers (RFC 3463)."""
SOFT_STATUS = re.compile(r"(?:4\.\d+\.\d+|5\.(?:2\.\d+|3\.\d+|4\.[1235-9]\d*|5\.\d+|6\.\d+|7\.\d+|1\.[78]))\Z")
