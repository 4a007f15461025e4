"""What tells that a mail server wrote a mail, and about one that was not delivered: data for `bounces.py`."""

import re

from apps.cam.rules.languages import any_of


def _any(*phrases: str) -> re.Pattern[str]:
    return any_of(phrases, re.IGNORECASE | re.MULTILINE)


_ADDRESSES = (
    r"mailer[-_. ]?daemons?",
    r"mail[-_.]?daemon",
    r"mdaemon",
    r"post_?master",
    r"mail[-_.]?(?:er|admin|delivery|system|guard|bounce)",
    r"smtp(?:d|srv)?",
    r"bounces?",
    r"microsoftexchange\w*",
    r"amavis\w*",
    r"no-?reply-?bounce",
    r"symantec_\w+",
    r"mmdf",
    r"uucp",
    r"mxgate",
)
ROBOT = re.compile(rf"(?:{'|'.join(_ADDRESSES)})(?:[+_.-][\w.=+-]*)?(?:@|$)", re.IGNORECASE)
"""Whose address is a mail server's own."""
ROBOT_NAME = _any(
    r"mail(?:er)?[ -]?deliver",
    r"mailer[- ]?daemon",
    r"mail (?:delivery|system|administrator|server)",
    r"postmaster",
    r"system administrator",
    r"delivery (?:sub)?system",
    r"undeliver",
    r"internet mail",
    r"^microsoft outlook$",
    r"mail ?router",
    r"daemon",
)
SUBJECT = _any(
    r"\bundeliver(?:able|ed)",
    r"\bnon-?deliver",
    r"\breturned (?:mail|e-?mail|message|to sender)",
    (
        r"\b(?:mail|message|e-?mail|delivery)\b.{0,30}\b(?:fail(?:ed|ure|ing)?|problem|"
        r"error|returned|delayed|unsuccessful|warning|could not|not delivered|undeliver|"
        r"rejected|refused|was not|has been delayed|still (?:being|not))\b"
    ),
    r"\bdelivery (?:status|report|notification|delay|failure|problem)",
    r"\bfailure (?:notice|delivery|notification)",
    r"\bfailed (?:mail|delivery|message)",
    r"\b(?:couldn't|could not|unable to|cannot|can't) (?:be )?deliver",
    r"\bmail system error",
    r"\bbounce[d]? (?:mail|message)",
    r"\bunzustellbar",
    r"\bnicht zugestellt",
    r"\bzustell(?:ung|fehler|problem)",
    r"\bfehler bei der",
    r"\bnon remis",
    r"\bnon distribu",
    r"\béchec de (?:la )?(?:remise|livraison|distribution)",
    r"\bno se (?:puede|ha podido|pudo) entregar",
    r"\berror (?:de|en la) entrega",
    r"\bnão (?:entregue|foi poss[íi]vel entregar)",
    r"\bfalha na entrega",
    r"\bmancata (?:consegna|recapit)",
    r"\bnotifica di",
    r"\bнедостав",
    r"\bне доставлен",
    r"\buser unknown",
    r"\bmail(?:box)? (?:is )?(?:full|unavailable|quota)",
    r"\bwarning: ",
    r"\bnotification d'état",
    r"\brejected (?:mail|posting|message)",
    r"\bnachricht(?:en)?übermittlung",
)
WORDS = _any(
    (
        r"\b(?:could|can|was|were|has|have|is|did)(?:n['o]t| ?not)(?: yet)?(?: be|"
        r" been)?(?: successfully)? (?:deliver|sent to|reach|relay|transfer)"
    ),
    (
        r"\b(?:unable|not able|failed|not possible|impossible|problems?|error|trouble)"
        r" (?:to |in |while |was encountered )?(?:deliver|relay|send|transfer|forward)"
    ),
    r"\bundeliver",
    r"\bnon-?deliver",
    (
        r"\bdelivery (?:to [^\n]{1,80} )?(?:has |was |of )?[^\n]{0,40}?(?:fail|delay|"
        r"unsuccess|error|problem|suspended|not possible|incomplete|attempts?)"
    ),
    r"\breturned to (?:the )?sender",
    r"\breturn(?:ed|ing)? (?:the |your )?(?:mail|message|e-?mail)",
    r"\bpermanent (?:fatal )?(?:error|fail)",
    r"\btransient (?:error|fail)",
    r"\bfatal errors?",
    r"\bfollowing (?:address|recipient|destination)",
    r"\bdid not reach",
    r"\bnot reached",
    r"\brecipients? (?:address)?[^\n]{0,40}(?:rejected|failed|refused|unknown)",
    r"\bmailer-daemon",
    r"\bdelivery status",
    r"\breporting-mta",
    r"\bfinal-recipient",
    (
        r"\b(?:message|mail|e-?mail)[^\n]{0,60}(?:has been |was |is )?(?:bounced|"
        r"rejected|refused|blocked|undeliver|not (?:been )?delivered|not accepted)"
    ),
    r"\bunknown user",
    r"\buser unknown",
    r"\bno such (?:user|recipient|mailbox)",
    r"\bgiven up",
    r"\bgiving up",
    r"\bsession transcript",
    r"\btranscript of session",
    r"\bwhile talking to",
    r"\bremote (?:host|server) said",
    r"\bsmtp error",
    r"\brcpt to",
    r"\b(?:quota|mailbox) (?:exceeded|full|size)",
    r"\bover (?:its |the )?quota",
    r"nicht (?:zugestellt|ausgeliefert|übermittelt|erreicht)",
    r"nicht zustellbar",
    r"unzustellbar",
    r"zustellung\b[^\n]{0,60}(?:fehl|nicht|verz)",
    r"n'a (?:pas )?(?:pu|encore pu)? ?(?:pas )?(?:être|été)? ?(?:remis|livr|distribu|achemin)",
    r"n'a pas pu être",
    r"échec de (?:la )?(?:remise|livraison|distribution)",
    r"no (?:se )?(?:ha podido|pudo|puede|ha sido posible|fue posible)[^\n]{0,20}entreg",
    r"não (?:pôde|foi|pode)[^\n]{0,30}entreg",
    r"не (?:был[аои]? )?доставлен",
    r"не удалось",
    r"无法",
    r"無法",
    r"退信",
    r"退回",
    r"送信できません",
    r"配信できません",
    r"お届けできません",
    r"non (?:è stato|può essere)[^\n]{0,30}(?:consegnat|recapitat)",
    r"nie (?:został|mog)",
)
DELAY = _any(
    r"\bwarning: (?:message|could not send|mail) [^\n]{0,60}(?:delay|past|hour)",
    r"\b(?:has|have) been delayed",
    r"\bdelivery (?:is |has been |was )?(?:temporarily )?(?:delayed|deferred|suspended)",
    r"\bthis is a warning (?:message )?only",
    r"\bdo(?:es)? ?n[o']t need to (?:resend|retry|do anything)",
    r"\b(?:will|shall) (?:keep|continue|be)[^\n]{0,20} (?:trying|retr|attempt|re-?tried|tried)",
    r"\bdelivery attempts will continue",
    r"\bstill (?:being )?(?:retr|trying)",
    r"\byou do not need to",
    r"\bwird weiter versucht",
    r"\bdelayed \d+ (?:hour|minute)",
    r"\bnoch nicht zugestellt",
    r"\bstill be retried",
)
COPY = re.compile(
    r"^[ \t>]*(?:"
    + "|".join(
        (
            (
                r"-{2,}[^\n]{0,40}(?:below this line|copy of|original message|message follows|"
                r"returned message|message header|header lines|unsent message|undelivered message|"
                r"message text|forwarded message|this is a copy|text of your|your message|"
                r"body of|nachricht|message d'origine)[^\n]{0,80}"
            ),
            (
                r"(?:the )?(?:text|headers?|body|copy|first part|beginning) of (?:the |your )?(?:original |"
                r"returned )?(?:message|mail|e-?mail)\b[^\n]{0,60}"
            ),
            r"(?:original|returned|unsent) (?:message|mail)(?: headers?| text| follows)?[ \t]*:?[ \t]*",
            r"received: (?:from|by) [^\n]{0,200}",
            r"return-path: [^\n]{0,200}",
        )
    )
    + ")$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line below which stands a copy of the mail that was not delivered."""
