"""One command with verbs. Exit status 0, 1 (refused, invalid), 2 (usage)."""

import argparse
import getpass
import gettext
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    try:
        return _main(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        print("\nhamn: Avbrutet. Kör igen: inget blir dubbelt.", file=sys.stderr)
        return 130


def _main(argv: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal or a timer without UTF-8 still gets the text, with ? for what it lacks.
            stream.reconfigure(errors="replace")
    if any("\ud800" <= sign <= "\udfff" for word in argv for sign in word):
        print("hamn: Ett ord på kommandoraden är inte UTF-8. Skriv om det.", file=sys.stderr)
        return 1
    early, rest = _early(argv)
    language = _start(early.language, rest)

    from django.utils import translation

    from hamn.guards.audit.actions import via

    token = via.set(f"command line ({getpass.getuser()})"[:60])
    try:
        with translation.override(language):
            return _run(rest, email=early.email)
    finally:
        via.reset(token)


def _early(argv: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """`--as` and `--language`, which may stand anywhere, and the rest of the words."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--language", nargs="?")
    early.add_argument("--as", dest="email", nargs="?")
    return early.parse_known_args(argv)


def parser(*, is_door: bool = False) -> argparse.ArgumentParser:
    """The whole command line, in the language that is active; of the door's process, its verb."""
    from django.utils.translation import gettext as _

    from hamn import __version__

    top = argparse.ArgumentParser(
        prog="hamn",
        description=_("Hamn driver ett specialistcentrum som många kommuner delar."),
        epilog=_("Varje verb har egen hjälp: hamn VERB --help."),
    )
    top.add_argument(
        "--version", action="version", version=f"hamn {__version__}", help=_("visa versionen")
    )
    top.add_argument(
        "--as", dest="email", metavar="E-POST", help=_("vem som handlar (annars HAMN_AS)")
    )
    top.add_argument("--language", choices=["sv", "en"], help=_("språk (annars HAMN_LANGUAGE)"))
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, title=_("verb"))
    for noun in _nouns(is_door=is_door):
        noun.add_to(verbs)
    return top


def _nouns(*, is_door: bool) -> tuple[Any, ...]:
    """Each module with verbs; the door's process has neither persons nor what they need."""
    from . import serve

    if is_door:
        return (serve,)
    from . import (
        agreement,
        backup,
        cases,
        consultations,
        disposal,
        door,
        entitlement,
        fees,
        invoice,
        invoice_run,
        mail,
        person,
        register,
        system,
        trail,
        vault,
        worker,
    )

    money = (fees, register, agreement, invoice_run, invoice)
    sealed = (entitlement, vault, disposal, mail, cases, consultations, door)
    return (*money, *sealed, person, trail, system, serve, worker, backup)


def _start(asked: str | None, argv: list[str]) -> str:
    """Django with the settings of the face, and argparse's own words in the language."""
    language = "en" if (asked or os.environ.get("HAMN_LANGUAGE", "")).lower() == "en" else "sv"
    if _is_door(argv):
        # The public process never reads the desk's secret, not even to start.
        os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.door.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
    # argparse takes its words from the process's text domain; English is what it is written in.
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("argparse", Path(__file__).parent.parent / "locale")
    gettext.textdomain("argparse")

    import django

    django.setup()
    return language


def _is_door(argv: list[str]) -> bool:
    """Whether the words ask for the public face."""
    words = " ".join(argv).replace("--face=", "--face ")
    return argv[:1] == ["serve"] and "--face door" in words


def _run(argv: Sequence[str], *, email: str | None) -> int:
    from django.db import DatabaseError, IntegrityError

    from hamn.core.errors import BadInput, Refusal
    from hamn.core.errors import _ as marked

    arguments = argparse.Namespace(verb="")
    try:
        parser(is_door=_is_door(list(argv))).parse_args(argv, arguments)
        arguments.email = email
        return int(arguments.run(arguments) or 0)
    except Refusal as refusal:
        return _refused(refusal, arguments)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as fault:
        sentence = marked(
            "Det går inte att läsa eller skriva {path}. Kontrollera mapp och rättigheter."
        )
        return _refused(BadInput(sentence, path=fault.filename or "?"), arguments)
    except IntegrityError:
        sentence = marked("Någon annan ändrade samma sak samtidigt. Inget har sparats; kör igen.")
        return _refused(BadInput(sentence), arguments)
    except DatabaseError as fault:
        sentence = marked(
            "Databasen går inte att använda ({fault}). Kör ”hamn setup” om Hamn är uppgraderat, "
            "annars hämta säkerhetskopian."
        )
        return _refused(BadInput(sentence, fault=type(fault).__name__), arguments)


def _refused(refusal: Any, arguments: argparse.Namespace) -> int:
    from hamn.site.refusals import record_refusal, sentences

    for sentence in sentences(refusal):
        print(f"hamn: {sentence}", file=sys.stderr)
    attempt = " ".join(filter(None, [arguments.verb, getattr(arguments, "subverb", "")]))
    record_refusal(refusal, by=getattr(arguments, "person", None), attempt=attempt)
    return 1


if __name__ == "__main__":
    sys.exit(main())
