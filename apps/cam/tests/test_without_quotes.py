"""without_quotes and words_of …"""

from email.message import EmailMessage

import pytest

from apps.cam.rules.mails import read_whatever
from apps.cam.rules.quotes import without_quotes, words_of

QUOTED = "\n\n> Hi Kate,\n> would you be interested? Unsubscribe here.\n"


@pytest.mark.parametrize(
    "head",
    [
        "On Mon, 9 Mar 2026 at 08:02, Jonas Reiter <jonas@agency.example> wrote:",
        "On Mon, 9 Mar 2026 at 08:02, Jonas Reiter\n<jonas@agency.example> wrote:",
        "Am Mo., 9. März 2026 um 08:02 Uhr schrieb Jonas Reiter <jonas@agency.example>:",
        "Am 09.03.2026 um 08:02 schrieb Jonas Reiter\n<jonas@agency.example>:",
        "Le lun. 9 mars 2026 à 08:02, Jonas Reiter <jonas@agency.example> a écrit :",
        "El lun, 9 mar 2026 a las 8:02, Jonas Reiter (<jonas@agency.example>) escribió:",
        "Em seg., 9 de mar. de 2026 às 08:02, Jonas Reiter <jonas@agency.example> escreveu:",
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "---------- Forwarded message ---------",
        "From: Jonas Reiter\nSent: Monday\nTo: Kate\nSubject: more patients",
        "Von: Jonas Reiter\nGesendet: Montag\nAn: Kate\nBetreff: Mehr Patienten",
        "De : Jonas Reiter\nEnvoyé : lundi\nÀ : Kate\nObjet : patients",
        "De: Jonas Reiter\nEnviado el: lunes\nPara: Kate\nAsunto: pacientes",
        "________________________________\nFrom: Jonas Reiter\nSent: Monday",
        "",
    ],
)
def test_leaves_out_what_is_answered(head: str) -> None:
    assert without_quotes(f"Yes, please.\n\n{head}{QUOTED}") == "Yes, please."


@pytest.mark.parametrize(
    "foot",
    [
        "Kind regards,\nKate Lowe\nInterested Ltd",
        "Best\nKate",
        "Thanks,\nKate",
        "Mit freundlichen Grüßen\nKate Lowe",
        "Viele Grüße, Kate",
        "Cordialement,\nKate",
        "Un saludo,\nKate",
        "Com os melhores cumprimentos\nKate",
        "-- \nKate Lowe | Clinic | unsubscribe",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Get Outlook for iOS",
        "This email and any attachments are confidential. If you do not want it, delete it.",
    ],
)
def test_leaves_out_signatures_and_what_devices_add(foot: str) -> None:
    assert without_quotes(f"Not for us.\n\n{foot}") == "Not for us."


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but not interested.",
        "Best offer we have had. Call me.",
        "On the phone you wrote that it costs little?",
        "From: what I have seen, it is good.",
        "Thank you",
        "- one\n- two",
    ],
)
def test_leaves_in_what_only_looks_like_either(text: str) -> None:
    assert without_quotes(text) == text


def test_reads_answers_between_the_lines_that_are_quoted() -> None:
    assert without_quotes("> Are you free?\nYes, on Monday.\n> How many are you?\nFour.") == "Yes, on Monday.\nFour."


@pytest.mark.parametrize(
    "quote",
    [
        '<blockquote type="cite">unsubscribe</blockquote>',
        '<div class="gmail_quote">unsubscribe</div>',
        '<div id="divRplyFwdMsg">From: us</div><p>unsubscribe</p>',
        '<div class="moz-cite-prefix">On Monday we wrote:</div>unsubscribe',
    ],
)
def test_cuts_a_mail_of_html_alone_where_its_quote_begins(quote: str) -> None:
    mail = EmailMessage()
    mail["From"] = "kate@x.example"
    mail.set_content(f"<p>Sure.</p>{quote}", subtype="html")
    assert words_of(read_whatever(mail.as_bytes())) == "Sure."


def test_takes_none_of_a_mail_that_only_brings_another_back() -> None:
    mail = b"From: kate@x.example\nContent-Type: message/rfc822\n\nFrom: us@x.example\n\nAre you interested?"
    assert words_of(read_whatever(mail)) == ""
