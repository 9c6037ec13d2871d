"""Letters as they come: forwarded by others, full of addresses, and made to stop their reader."""

import contextlib
import time
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from hamn.core.errors import BadInput
from hamn.support.cases.rules.mail import MOST_BYTES, Mail, Sender, read_message, read_pasted
from hamn.support.cases.rules.mail_headers import Letter, innermost
from hamn.support.cases.rules.mail_words import from_html, without_addresses

pytestmark = pytest.mark.slow

ANNA = "Påhittad Ek <pahittad.ek@post.example>"
SENDER = Sender("pahittad.ek@post.example", "Påhittad Ek")
COLLEAGUE = "En kollega <kollega@centret.example>"
TEXT = "Hej, jag behöver prata."
TOP = b"From: Ek <ek@post.example>\nSubject: x\n"
SECONDS = 2.0


def mail(text: str, **headers: str) -> EmailMessage:
    """A letter with those lines."""
    message = EmailMessage()
    for name, value in ({"From": ANNA, "Subject": "En fråga"} | headers).items():
        message[name] = value
    message.set_content(text)
    return message


@pytest.mark.parametrize(
    "pasted",
    [
        "---------- Forwarded message ---------\nFrån: {who}\nDate: mån 2 mars 2026 kl 09:12\n"
        "Subject: En fråga\nTo: <kast@centret.example>\n\n\n{text}",
        "---------- Forwarded message ---------\nFrån: *Påhittad Ek* <pahittad.ek@post.example>\n"
        "Date: mån 2 mars 2026 kl 09:12\nSubject: En fråga\n\n{text}",
        "Vidarebefordrat brev:\n\nFrån: {who}\nÄmne: En fråga\nDatum: 2 mars 2026 09:12:33 CET\n"
        "Till: kast@centret.example\n\n{text}",
        "Begin forwarded message:\n\n> From: {who}\n> Subject: En fråga\n"
        "> Date: March 2, 2026 at 09:12:33 CET\n> \n> {text}",
        "-----Ursprungligt meddelande-----\nFrån: {who}\nSkickat: den 2 mars 2026 09:12\n"
        "Till: KAST\nÄmne: En fråga\n\n{text}",
        "-----Original Message-----\nFrom: Påhittad Ek [mailto:pahittad.ek@post.example]\n"
        "Sent: Monday, March 2, 2026 9:12 AM\nTo: KAST\nSubject: En fråga\n\n{text}",
        "*Från:* {who}\n*Skickat:* den 2 mars 2026 09:12\n*Ämne:* En fråga\n\n{text}",
        "Från: {who}\n\nÄmne: En fråga\n\nDatum: 2026-03-02\n\n{text}",
        "Return-Path: <ek@post.example>\nReceived: from post.example\n\tby centret.example; Mon\n"
        "From: {who}\nTo: kast@centret.example,\n en.annan@centret.example\n"
        "Date: Mon, 2 Mar 2026 09:12:00 +0100\nSubject: En fråga\n\n{text}",
    ],
)
def test_a_letter_within_what_was_pasted_is_found_with_its_sender(pasted: str) -> None:
    found = read_pasted(pasted.format(who=ANNA, text=TEXT))
    assert found.sender == SENDER
    assert (found.subject, found.text) == ("En fråga", TEXT)
    assert found.on is not None
    assert found.on.isoformat() == "2026-03-02"


def test_what_a_colleague_wrote_above_stays_and_no_address_does() -> None:
    found = read_pasted(f"FYI\n\nFrån: {ANNA}\n\n{TEXT} Svara pahittad.ek@post.example")
    assert found.sender == SENDER
    assert found.text == f"FYI\n\n{TEXT} Svara [avsändarens adress]"


def test_a_forwarded_file_has_the_writer_as_sender_and_says_who_sent_it_on() -> None:
    text = f"Se nedan.\n\n---------- Forwarded message ---------\nFrån: {ANNA}\n\n{TEXT}"
    found = read_message(mail(text, From=COLLEAGUE).as_bytes())
    assert found.sender == Sender(*SENDER_OF, forwarded_by=COLLEAGUE)
    assert "@" not in found.text
    subject = mail(f"Från: {ANNA}\nÄmne: En fråga\n\n{TEXT}", From=COLLEAGUE, Subject="VB: x")
    found = read_message(subject.as_bytes())
    assert (found.sender, found.text) == (Sender(*SENDER_OF, forwarded_by=COLLEAGUE), TEXT)


SENDER_OF = (SENDER.address, SENDER.name)


def test_a_letter_that_came_along_as_a_file_is_read_and_is_nothing_left_out() -> None:
    outer = mail("FYI", From=COLLEAGUE, Subject="Ett brev")
    outer.add_attachment(mail(TEXT))
    found = read_message(outer.as_bytes())
    assert found.sender == Sender(*SENDER_OF, forwarded_by=COLLEAGUE)
    assert (found.subject, found.text, found.left_out) == ("En fråga", f"FYI\n\n{TEXT}", 0)
    outer.add_attachment(mail("Ett annat brev"))
    outer.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    assert read_message(outer.as_bytes()).left_out == 2


def test_what_a_letter_quotes_does_not_become_its_sender() -> None:
    quoted = (
        f"{TEXT}\n\n-----Ursprungligt meddelande-----\nFrån: {COLLEAGUE}\nSkickat: i går\n\nHej"
    )
    for found in (
        read_message(mail(quoted, Subject="SV: En fråga").as_bytes()),
        read_pasted(f"Från: {ANNA}\nÄmne: SV: En fråga\n\n{quoted}"),
    ):
        assert found.sender == Sender(*SENDER_OF, others=("kollega@centret.example",))
        assert found.text.startswith(TEXT)
        assert "[en adress]" in found.text


def test_a_letter_forwarded_twice_is_its_first_writers() -> None:
    inner = f"---------- Forwarded message ---------\nFrån: {ANNA}\nÄmne: En fråga\n\n{TEXT}"
    middle = f"---------- Forwarded message ---------\nFrån: {COLLEAGUE}\nÄmne: Fwd: x\n\n{inner}"
    found = read_message(mail(middle, From="Chef <chef@centret.example>").as_bytes())
    assert found.sender == Sender(*SENDER_OF, forwarded_by=COLLEAGUE)
    assert found.text == TEXT


@pytest.mark.parametrize(
    "line", ["Obs: ring inte", "PS: helst på kvällen", "Datum: fredag passar", "Ämne: igen"]
)
def test_a_line_right_below_the_known_ones_is_the_letters_own(line: str) -> None:
    top = f"Från: {ANNA}\nÄmne: En fråga\nDatum: 2026-03-02\n"
    assert read_pasted(f"{top}{line}\nHej").text == f"{line}\nHej"


@pytest.mark.parametrize("text", ["Datum: fredag passar\nkl 9", "Till: dig som läser\n\nHej"])
def test_one_line_with_a_colon_makes_no_letter_of_a_text(text: str) -> None:
    assert read_pasted(text) == Mail(None, "", text, None)


@pytest.mark.parametrize(
    ("text", "marked", "others"),
    [
        ("Skriv till Bo.Ek@post.example.", "Skriv till [en adress].", ("Bo.Ek@post.example",)),
        ("mailto:bo@post.example?x", "mailto:[en adress]", ("bo@post.example?x",)),
        ("o'brien@post.example!", "[en adress]!", ("o'brien@post.example",)),
        ('"bo ek"@post.example', '"bo ek"[en adress]', ("@post.example",)),
        (
            "https://x.example/?e=bo%40post.example",
            "https://[en adress]",
            ("x.example/?e=bo%40post.example",),
        ),
        ("bo\uff20post.example", "[en adress]", ("bo\uff20post.example",)),
        ("<EK@post.example>, ek@post.example", "<[avsändarens adress]>, [avsändarens adress]", ()),
        ("ek@post.example.org", "[en adress]", ("ek@post.example.org",)),
        ("anna.ek@post.example", "[en adress]", ("anna.ek@post.example",)),
        ("vi ses @ torget, @hem 10 %, a@ b", "vi ses @ torget, @hem 10 %, a@ b", ()),
    ],
)
def test_every_address_is_marked_and_kept_apart(
    text: str, marked: str, others: tuple[str, ...]
) -> None:
    assert without_addresses(text, "ek@post.example") == (marked, others)


def test_addresses_in_a_subject_are_kept_apart_too() -> None:
    found = read_message(mail(TEXT, Subject="Från bo@post.example om ek").as_bytes())
    assert found.subject == "Från [en adress] om ek"
    assert found.sender is not None
    assert found.sender.others == ("bo@post.example",)


def test_a_letter_in_an_older_charset_or_without_any_is_read() -> None:
    for charset in (b"iso-8859-1", b"windows-1252", b"", b"okand"):
        kind = b"Content-Type: text/plain" + (b"; charset=" + charset if charset else b"")
        raw = TOP + kind + b"\n\n" + "Hej då, Åsa".encode("latin-1")
        assert read_message(raw).text == "Hej då, Åsa"
    raw = "From: Åsa <asa@post.example>\nSubject: Frågan\n\nHej".encode()
    assert read_message(raw).sender == Sender("asa@post.example", "Åsa")


def test_the_pictures_of_a_letters_look_are_no_attachments_and_an_empty_form_is_passed() -> None:
    message = mail(" \n")
    message.add_alternative("<p>Hej <img src=cid:a></p>", subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(b"GIF89a", "image", "gif", cid="a")
    found = read_message(message.as_bytes(policy=SMTP))
    assert (found.text, found.left_out) == ("Hej", 0)


def test_a_letter_longer_than_a_note_says_that_it_is_cut() -> None:
    found = read_message(mail("ord " * 40_000).as_bytes())
    assert len(found.text) == 100_000
    assert found.text.endswith("[Brevet var längre. Resten är inte med.]")


def test_html_keeps_signs_that_open_no_tag() -> None:
    told = from_html("<!-- x --><![if a]>Jag <3 dig, 1 < 2 &amp; b &#x41;<style>p<q</style> hej <a")
    assert told == "Jag <3 dig, 1 < 2 & b A hej <a"


def _html(body: bytes) -> bytes:
    return TOP + b"Content-Type: text/html\n\n" + body


def _plain(body: bytes) -> bytes:
    return TOP + b"\n" + body


def _parts(top: bytes, each: bytes) -> bytes:
    return TOP + b"Content-Type: multipart/mixed; boundary=b\n\n" + top + each


UNITS: dict[str, tuple[bytes, bytes]] = {
    **{f"html {one!r}": (_html(b""), one) for one in (b"<a ", b"<a>", b"<p>", b"<", b"<a '\"")},
    **{f"html {one!r}": (_html(b""), one) for one in (b"<![<![", b"<!--", b"<script>", b"&#")},
    "a number for a sign": (_html(b"&#"), b"1"),
    **{f"text {one!r}": (_plain(b""), one) for one in (b"a", b"@", b"a@", b"a@b.c ", b"\n", b"- ")},
    **{f"text {one!r}": (_plain(b""), one) for one in (b"Till: x\n", b"X-a: b\n", b">", b"* ")},
    "letters within": (TOP.replace(b"x", b"Fwd: x") + b"\n", b"From: " + b"a" * 40 + b"\n"),
    "many lines": (TOP, b"a: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"),
    "a long sender": (b"From: ", b"a,("),
    "a long subject": (b"Subject: ", b"=?utf-8?q?a?= "),
    "a long kind": (TOP + b"Content-Type: ", b';a="'),
    "many parts": (_parts(b"", b""), b"--b\n\n"),
    "letters in letters": (TOP, b"Content-Type: message/rfc822\n\n"),
    "punycode": (TOP + b"Content-Type: text/plain; charset=punycode\n\n", b"abc-999"),
    "accents": (
        TOP + b"Content-Type: text/plain; charset=utf-8\n\na",
        "\u0316\u0301".encode(),
    ),
    "turned": (TOP + b"Content-Type: text/plain; charset=utf-8\n\n", "\u202e".encode()),
    "its own address": (b"From: " + b"a" * 150 + b"@x\n\n", b"a"),
    "deep": (
        TOP
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20)
        ),
        b"a" * 34 + b"\n",
    ),
}


@pytest.mark.parametrize("name", UNITS)
def test_five_megabytes_made_to_stop_the_reader_are_read_or_refused_in_two_seconds(
    name: str,
) -> None:
    top, unit = UNITS[name]
    raw = (top + unit * (MOST_BYTES // len(unit)))[:MOST_BYTES]
    began = time.process_time()
    with contextlib.suppress(BadInput):
        assert isinstance(read_message(raw), Mail)
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("name", UNITS)
def test_what_is_pasted_to_stop_the_reader_is_read_in_two_seconds(name: str) -> None:
    top, unit = UNITS[name]
    began = time.process_time()
    read_pasted((top + unit * 200_000)[:200_000].decode("utf-8", "replace"))
    assert time.process_time() - began < SECONDS


def test_a_text_that_nobody_forwarded_is_left_as_it_is() -> None:
    letter = Letter(headers={"From": ANNA, "Subject": "Hej"}, text=f"Min chef: {COLLEAGUE}")
    assert innermost(letter) == letter
