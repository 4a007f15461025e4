"""What mail systems say when they do not deliver, by reason: data for `rules/bounces.py`.

A reason is hard where the address itself is dead (nobody of that name, no such domain, moved away): never write there
again. It is soft where the same mail, or another, may arrive later: a full mailbox, a server out of order, and every
block for reputation or content too, because that says something about us and nothing about the address.
"""

import re
from dataclasses import dataclass

_SOMEBODY = r"(?:users?|recipients?|recipient'?s? (?:e-?mail )?address|mail ?box(?:es)?|accounts?|address(?:es)?|addressee|user ?id|e-?mail)"
_NEAR = r"[^.;\n]{0,60}?"
OUT_OF_SERVICE = "account out of service for now"


@dataclass(frozen=True)
class Reason:
    """Why a mail was not delivered, and how mail systems say so."""

    name: str
    is_hard: bool
    words: re.Pattern[str]


def _reason(name: str, kind: str, *phrases: str) -> Reason:
    return Reason(name, kind == "hard", re.compile("|".join(phrases)))


REASONS = (
    _reason(
        "mailbox full",
        "soft",
        rf"(?:{_SOMEBODY}|inbox|folder|maildir|directory|storage|disk){_NEAR}\b(?:full|over ?-?quota|over (?:its |the |their )?(?:storage |disk )?(?:quota|limit)|(?:quota|storage|space|size)\b{_NEAR}exceed|exceed(?:s|ed)?{_NEAR}(?:quota|storage|size|space|limit))\b",
        r"\bover ?quota\b|\bquota (?:has been )?(?:exceeded|full|violation)|\bexceed(?:s|ed|ing)?\b[^.;\n]{0,40}\b(?:quota|storage|disk space|mailbox size)|\b(?:disk|mailbox|storage) quota\b",
        r"\binsufficient (?:disk |storage )?space|\bnot enough (?:storage |disk |free )?(?:space|storage)|\bspace (?:is )?not enough|\bout of storage|一杯|已满|已滿|\bno space left in (?:mailbox|inbox)|\btoo much mail data|\bmailbox size limit",
        r"\bwould be over\b[^.\n]{0,20}quota|\bfull mailbox\b|\bmail_?box_?is_?full\b|\bstorequota\b|\bunder quota\b",
        r"postfach\b[^.\n]{0,60}\bvoll|speicherplatz|bo[iî]te\b[^.\n]{0,60}\b(?:pleine|satur[ée]e)|buz[óo]n\b[^.\n]{0,60}\blleno|caixa\b[^.\n]{0,60}\bcheia|casella\b[^.\n]{0,40}\bpiena|переполнен|квота",
    ),
    _reason(
        "we were refused as the sender",
        "soft",
        r"\b(?:sender|sender's|from|return|envelope|originator|mail from|reverse-?path)\b(?: e-?mail)? (?:address |domain |mailbox |address is |verify )?(?:is |was |has )?(?:not |been )?(?:rejected|refused|denied|invalid|unknown|blocked|failed|verification|undeliverable|unverified|unroutable|does ?n[o'])",
        r"\b(?:bad|invalid|illegal|unknown|unrouteable|unroutable|unacceptable|unresolvable|null|empty) (?:sender|return|envelope|from|originator)|\bsender (?:id|domain|verif|callout)|\bnot a (?:valid|known) sender|\bdomain of sender|\bsender's? domain|\bsender is not|\byour (?:domain|e-?mail address|ip|host|server|mail server)\b[^.\n]{0,60}\b(?:not (?:exist|found|resolv|valid|allowed|accept)|rejected|blocked|listed|banned|denied|refused)|\binvalid ip\b|\bno (?:such user|mx|a or mx)[^.\n]{0,30}\bfor (?:the )?sender|\bmail from\b[^.\n]{0,40}\b(?:rejected|refused|denied|invalid)",
    ),
    _reason(
        OUT_OF_SERVICE,
        "soft",
        rf"\b{_SOMEBODY}\b{_NEAR}\b(?:disabled|suspended|inactive|not active|locked|deactivated|discontinued|expired|not enabled|frozen|on hold|restricted)\b|\b(?:disabled|suspended|inactive|locked|deactivated|frozen) (?:{_SOMEBODY})\b|\baccount that you tried to reach is (?:disabled|inactive)",
    ),
    _reason(
        "nobody of that name",
        "hard",
        r"\b(?:user|recipient|addressee|mailbox|address|account|local part)(?: name| address)? (?:is )?unknown|\bunknown (?:(?:or |/)?(?:illegal|invalid)? ?)?(?:virtual |local |e-?mail )?(?:user|recipient|address|addressee|mailbox|account|rcpt|local[ -]?part|alias)",
        r"\bno such (?:user|recipient|mail ?box|address|person|account|local user|virtual user|e-?mail|alias|name|id|customer)|\bno (?:mailbox|account|user|recipient)s? (?:here|by that name|with that name|of that name|found|named|matching)",
        rf"\b(?:not|isn't|no) (?:a |an )?(?:valid|known|existing|registered|legal|active) (?:e-?mail )?{_SOMEBODY}\b",
        rf"\b(?:invalid|illegal|non-?existent|nonexistant|unrecognized|undeliverable|incorrect|bad) (?:local |final |delivery |recipient |destination |e-?mail ){0, 2}(?:{_SOMEBODY}|rcpt|local[ -]?part|mailbox address|recipients?\(?s?\)?)\b",
        rf"\b{_SOMEBODY}\b{_NEAR}\b(?:(?:does|do|did)(?: not|n't) (?:currently )?exist|not exist|(?:was |were |is |are |could )?(?:not|n't)(?: be)? (?:found|known|valid|recognized|listed|located|registered|defined)|(?:is |was )?(?:unknown|invalid|non-?existent)|(?:is )?no longer (?:exist|valid|in use|used|here|accepting|on (?:our )?server)|no exist)",
        r"\b(?:couldn't|could not|cannot|can't|unable to) (?:be found|find (?:the |your )?(?:user|recipient|mailbox|account|address))|\bwasn't found (?:at|in)\b|\bdoesn't have (?:an?|a [^\s]+) [^\n]{0,30}account|\bdoes not have an? [^\n]{0,30}(?:account|mailbox)",
        r"\bnot listed in (?:the |domino|public|[^\n]{0,20}(?:directory|address book))|\bnot in (?:the )?(?:address book|directory)|\bnot (?:our customer|a user here|found in (?:ldap|directory|the directory|active directory))|\b(?:recipnotfound|ruleresolver|adr_?notfound)",
        r"\bmailbox (?:is )?(?:currently )?(?:unavailable|not available)|\brequested action not taken|\bunrout(?:e)?able address|\bunknown or (?:illegal|invalid) alias|\bdelivery is not authorized to (?:this|unknown)|\bcan't (?:create|open) (?:user|output) mail(?:box| file)",
        r"\brecipient address rejected: (?:access denied|undeliverable|unverified|invalid|address unknown|unknown|no such|.{0,40}(?:not found|not exist))|\ball recipients (?:are |were )?(?:invalid|refused)|\bno valid recipients?|\brecipient rejected|\brejecting for unknown|\bverify (?:the )?recipient|\bverification failed for|\brecipient verif|\baddress does not exist|\bnot accepting mail for (?:this )?(?:user|recipient|address)",
        r"\bsorry, no mailbox|\bundeliverable to\b|\bthis address no longer|\brecipient address rejected[ .(]*$|\bmail ?box (?:not found|does not exist)|\bhas been (?:deleted|removed)|\baccount (?:is |was |has been )?(?:closed|deleted|cancell?ed|terminated)|\b(?:employee|user|person)\b[^.\n]{0,40}\b(?:no longer (?:works|employed|with)|has left|left the)",
        r"empf[äa]nger\b[^.\n]{0,40}\b(?:unbekannt|nicht gefunden|existiert nicht)|adresse\b[^.\n]{0,60}\b(?:nicht gefunden|existiert nicht|ung[üu]ltig|unbekannt)|(?:adresse|destinataire|utilisateur)\b[^.\n]{0,60}\b(?:introuvable|n'existe pas|inconnue?|invalide|n'a pas [ée]t[ée] trouv)",
        r"(?:direcci[óo]n|usuario|destinatario|buz[óo]n)\b[^.\n]{0,60}\b(?:no existe|no se (?:ha )?encontr|desconocid|no encontrad|inv[áa]lid)|no se encontr[óo] la direcci[óo]n|(?:endere[çc]o|usu[áa]rio|utilizador|destinat[áa]rio)\b[^.\n]{0,60}\b(?:n[ãa]o (?:existe|foi encontrad|foi localizad)|desconhecid|inv[áa]lid)|不存在|存在しない|見つかりません|не найден|не существует|нет такого|неизвестн|nie istnieje|indirizzo\b[^.\n]{0,40}\b(?:inesistente|non esiste|non trovato)|utente\b[^.\n]{0,40}\b(?:sconosciuto|inesistente)",
    ),
    _reason(
        "no such domain",
        "hard",
        r"\b(?:host|domain|server)(?: name| or domain name)? (?:is )?(?:not found|unknown|does ?n[o']t exist|non-?existent|not resolvable)|\b(?:unknown|no such|non-?existent|illegal|invalid) (?:mail )?(?:host|domain)\b|\bnxdomain\b|\bhost[^\n]{0,20}domain[^\n]{0,20}(?:not|n't) (?:be )?(?:found|valid|exist)",
        r"\b(?:couldn't|could not|cannot|can't|unable to) (?:find|resolve|look ?up)[^.\n]{0,40}\b(?:host|domain|mx|mail exchanger|address record)|\bno (?:host|domain) (?:by|of) (?:the|that) name|\bunrouteable mail domain|\bunable to route|\bbad destination (?:system|mailbox) address|\bno route (?:found )?to (?:domain|host)|\bno (?:mx|mail exchanger|a) records?\b|\bnull ?mx\b|\bdns lookup failure|\bnon-?existent (?:host|domain)|\bdomain (?:name )?(?:could not|couldn't) be (?:found|resolved)|\bname or service not known|\bno address associated with|\bdomain (?:isn't|is not) (?:valid|known)",
        r"\b(?:domain|host|server)\b[^.\n]{0,40}\b(?:does not accept|doesn't accept|not accept(?:ing)?|doesn't receive) (?:any )?(?:e-?mail|mail|messages)|\bdomain (?:has )?expired|\bno mail server",
    ),
    _reason(
        "moved away",
        "hard",
        r"\b(?:user|recipient|account|mailbox|person)? ?has (?:been )?moved\b|\baddress (?:has|was) (?:been )?changed|\bchanged (?:his|her|their|its|to a new|my)? ?(?:e-?mail )?address|\bnew e-?mail address|\buser not local|\bmoved permanently|\bplease (?:use|try) (?:the )?(?:new|following) address|\bhas been replaced by",
    ),
    _reason(
        "asked to try again",
        "soft",
        r"\bgr[ae]y ?-?list|\btry (?:again )?later|\btemporar(?:y|ily)\b|\bplease (?:retry|try again)|\bdeferred\b|\bwarning: (?:message|mail)|\bwill (?:keep|continue) (?:on )?try|\bdelayed\b|\bretry time(?:out)? (?:not )?(?:reached|exceeded)|\bresources temporarily|\bverz[öo]gert|\breintent|\bretard[ée]",
    ),
    _reason(
        "blocked as spam, or by policy",
        "soft",
        r"\bspam\b|\bspamhaus|\bblack ?-?list|\bblock ?-?list|\bdeny ?-?list|\bblocked\b|\brbl\b|\bdnsbl|\breputation|\bpolicy\b|\bpolicies\b|\bunsolicited|\bbulk (?:e-?mail|mail)|\bjunk\b|\bcontent (?:rejected|filter|denied)|\bprohibited|\bnot (?:authori[sz]ed|allowed|permitted|accepted)\b|\baccess denied|\bpermission denied|\bbanned\b|\brestrict|\bsuspicious|\bmalicious|\bvirus|\bmalware|\bphish",
        r"\bspf\b|\bdkim\b|\bdmarc\b|\bauthenticat|\brelay(?:ing)?\b|\bptr\b|\breverse dns|\brdns\b|\bhelo\b|\behlo\b|\bsender (?:address |domain )?(?:rejected|refused|denied|verify failed|invalid)|\brejected by (?:the )?(?:recipient|user|filter|server|content)|\bmessage (?:content )?(?:was )?(?:rejected|refused|filtered|denied)|\bbarracuda\b|\bmimecast\b",
    ),
    _reason(
        "too much at once",
        "soft",
        r"\btoo many (?:connections|messages|recipients|errors|concurrent|sessions|hops|emails|invalid)|\brate ?-?limit|\bthrottl|\btoo (?:fast|quickly)|\bexcessive|\bunusual (?:rate|volume|sending)|\b(?:sending|hourly|daily) (?:limit|quota)|\blimit (?:has been )?exceeded|\bmax(?:imum)? (?:number of )?(?:connections|emails|messages)",
    ),
    _reason(
        "message refused for its size or form",
        "soft",
        r"\b(?:message|mail|e-?mail|data|attachment) (?:size )?(?:is )?(?:too (?:large|big|long)|exceeds)|\bmessage size|\bsize limit|\btoo large|\bfile extension|\battachment|\bbad (?:header|message)|\brfc ?(?:5322|5321|2822|822)\b(?!;)|\bnot rfc|\bline too long|\bheader",
    ),
    _reason(
        "server or network out of order",
        "soft",
        r"\btimed? ?-?out|\bqueue too long|\bmultiple retries|\b(?:after|failed|exceeded)\b[^.\n]{0,30}\battempts|\bsocket error|\brequests to connect|\bnot reachable|\bfailing for a long time|\bcould not find a gateway|\babort(?:ed|ing) after|\bmaximum delivery|\bconnection (?:refused|reset|lost|dropped|closed|timed|was)|\bno route to host|\bnetwork|\bunreachable|\bloop\b|\bloops back|\bhop count|\btoo many hops|\blocal (?:configuration )?error|\bsystem (?:error|failure|config|resources)|\bconfiguration error|\bi/o error|\binput/output|\bcannot open|\bdisk full|\bno space left|\bserver (?:error|failure|busy|not available|unavailable|down)|\bservice (?:unavailable|not available)|\bnot responding|\bexpired\b|\bunable to (?:connect|contact)|\bcould not connect|\bprocess(?:ing)? (?:failed|error)|\bpipe\b|\bcommand (?:died|failed|not)|\bprogram\b|\btls\b|\bmail system|\binternal error|\bresource",
    ),
)

HARD_STATUS = re.compile(r"5\.(?:1\.(?:0|1|2|3|4|6|10)|4\.4)\Z")
"""Bad destination mailbox or system, mailbox moved, null MX; and no answer from the domain's name servers (RFC 3463)."""
SOFT_STATUS = re.compile(r"(?:4\.\d+\.\d+|5\.(?:2\.\d+|3\.\d+|4\.[1235-9]\d*|5\.\d+|6\.\d+|7\.\d+|1\.[78]))\Z")
