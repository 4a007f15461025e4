"""Domains of addresses: which are a company's own, and which anybody has an address at."""

# fmt: off
FREEMAIL = frozenset(
    {
        "126.com", "163.com", "aol.com", "arcor.de", "att.net", "bellsouth.net", "bigpond.com", "bluewin.ch",
        "bol.com.br", "btinternet.com", "comcast.net", "cox.net", "eircom.net", "email.com", "fastmail.com",
        "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com",
        "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "icloud.com",
        "ig.com.br", "kpnmail.nl", "laposte.net", "libero.it", "live.co.uk", "live.com", "live.de", "live.fr",
        "mac.com", "mail.com", "mail.de", "mail.ru", "mailbox.org", "me.com", "msn.com", "naver.com",
        "ntlworld.com", "o2.pl", "optusnet.com.au", "orange.fr", "outlook.com", "outlook.de", "outlook.es",
        "outlook.fr", "posteo.de", "proton.me", "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com",
        "rocketmail.com", "rogers.com", "sapo.pt", "sbcglobal.net", "seznam.cz", "sfr.fr", "shaw.ca", "sky.com",
        "skynet.be", "t-online.de", "telefonica.net", "telenet.be", "terra.com.br", "terra.es", "tiscali.it",
        "tuta.com", "tutanota.com", "uol.com.br", "verizon.net", "videotron.ca", "virgilio.it", "virginmedia.com",
        "wanadoo.fr", "web.de", "wp.pl", "xs4all.nl", "xtra.co.nz", "yahoo.co.uk", "yahoo.com", "yahoo.com.br",
        "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru", "ymail.com", "ziggo.nl",
        "zoho.com",
    }
)
# fmt: on
"""Of providers who give addresses to anybody: two people at one of them are no colleagues, and may be no business."""

_PROVIDERS = frozenset({"gmail", "googlemail", "gmx", "hotmail", "icloud", "outlook", "protonmail", "yahoo", "ymail"})
"""Those who have such a domain in every country."""


def is_freemail(domain: str) -> bool:
    """Tell whether anybody may have an address at a domain."""
    plain = domain.casefold()
    return plain in FREEMAIL or plain.partition(".")[0] in _PROVIDERS


def company_domain(address: str) -> str:
    """Return the domain of an address where it is a company's own, empty where anybody may have one there."""
    domain = address.rpartition("@")[2].casefold()
    return "" if is_freemail(domain) else domain
