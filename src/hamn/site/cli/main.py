"""One command with verbs. Exit status 0, 1 (refused, invalid), 2 (usage)."""

import argparse
import getpass
import gettext
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    language = _start(arguments)

    from django.utils import translation

    from hamn.guards.audit.actions import via

    token = via.set(f"command line ({getpass.getuser()})"[:60])
    try:
        with translation.override(language):
            return _run(arguments)
    finally:
        via.reset(token)


def parser() -> argparse.ArgumentParser:
    """The whole command line, in the language that is active."""
    from django.utils.translation import gettext as _

    from hamn import __version__

    from . import agreement, fees, invoice, invoice_run, register, system, trail

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
    for noun in (fees, register, agreement, invoice_run, invoice, trail, system):
        noun.add_to(verbs)
    return top


def _start(arguments: Sequence[str]) -> str:
    """Django with its settings, and argparse's own words in the language."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--language", nargs="?")
    asked = early.parse_known_args(arguments)[0].language or os.environ.get("HAMN_LANGUAGE", "sv")
    language = "en" if asked == "en" else "sv"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.settings")
    # argparse takes its words from the process's text domain; English is what it is written in.
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("argparse", Path(__file__).parent.parent / "locale")
    gettext.textdomain("argparse")

    import django

    django.setup()
    return language


def _run(argv: Sequence[str]) -> int:
    from hamn.core.errors import Refusal
    from hamn.site.acting import person_or_none
    from hamn.site.refusals import record_refusal, sentences

    arguments = argparse.Namespace(verb="")
    try:
        parser().parse_args(argv, arguments)
        return int(arguments.run(arguments) or 0)
    except Refusal as refusal:
        for sentence in sentences(refusal):
            print(f"hamn: {sentence}", file=sys.stderr)
        attempt = " ".join(filter(None, [arguments.verb, getattr(arguments, "subverb", "")]))
        person = getattr(arguments, "person", None) or person_or_none()
        record_refusal(refusal, by=person, attempt=attempt)
        return 1
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
