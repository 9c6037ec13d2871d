"""The clauses of the agreement in plain Swedish, for whoever meets one of its terms on a page.

Source: agreement template 2021 §§ 1-11 and annex; requirements B30-B32, C, F, G, H.
"""

from dataclasses import dataclass

from hamn.core.errors import _


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its number, what it is about, and what it means in a few sentences."""

    number: str
    title: str
    told: tuple[str, ...]


CLAUSES: tuple[Clause, ...] = (
    Clause(
        "1",
        _("Parter"),
        (
            _("Här står vem kommunen är: namn, organisationsnummer, avdelning och kontaktperson."),
            _("Kommunen lämnar också sin postadress och den adress som fakturan ska till."),
            _("Allt detta ska vara ifyllt innan avtalet undertecknas."),
        ),
    ),
    Clause(
        "2",
        _("Drift och ansvar"),
        (
            _("Anordnaren driver verksamheterna, är arbetsgivare och ansvarar för dem."),
            _("Verksamheterna tar inte över det ansvar som kommunens egna myndigheter har."),
        ),
    ),
    Clause(
        "3",
        _("Verksamheter som ingår"),
        (
            _(
                "Mikamottagningen möter vuxna med erfarenhet av sex mot ersättning, av att skada "
                "sig med sex eller av människohandel."
            ),
            _("KAST möter personer som köper sex och vill sluta, och deras anhöriga."),
            _("Regionkoordinatorerna håller ihop ärenden om människohandel mellan myndigheter."),
        ),
    ),
    Clause(
        "4",
        _("Vad avtalet ger"),
        (
            _("Kommunens invånare får ta del av insatserna utan kostnad."),
            _(
                "De som arbetar i kommunen får fria konsultationer, och utbildning en halvdag tre "
                "gånger om året."
            ),
            _("En gång om året bjuds alla anslutna kommuner till en träff."),
        ),
    ),
    Clause(
        "5",
        _("Styrgrupp"),
        (
            _("En ansluten kommun kan anmäla att den vill ha en plats i styrgruppen."),
            _(
                "Styrgruppen väljs på ett år i taget, har minst två möten om året och leds av "
                "anordnaren."
            ),
        ),
    ),
    Clause(
        "6",
        _("Kostnad och betalning"),
        (
            _("Kostnaden fördelas efter hur många som bor i varje kommun, enligt bilagan."),
            _(
                "Första året betalar kommunen återstående tolftedelar av året. Undertecknas "
                "avtalet under senare halvan av en månad räknas det från månaden efter."
            ),
            _("Därefter faktureras hela året en gång om året, uppräknat med 2 procent varje år."),
            _("Fakturan ska betalas 30 dagar efter att kommunen har fått den."),
            _("Den som säger upp avtalet får inte tillbaka något för det år som pågår."),
        ),
    ),
    Clause(
        "7",
        _("Omförhandling"),
        (
            _(
                "Ändras förutsättningarna väsentligt genom politiska beslut kan båda parter kräva "
                "att avtalet förhandlas om."
            ),
        ),
    ),
    Clause(
        "8",
        _("Tvist"),
        (
            _(
                "Parterna försöker först komma överens. Går det inte avgörs tvisten i allmän "
                "domstol, först av Stockholms tingsrätt."
            ),
        ),
    ),
    Clause(
        "9",
        _("Skadestånd"),
        (_("Var och en svarar för den skada som den egna personalen har vållat."),),
    ),
    Clause(
        "10",
        _("När något hindrar (force majeure)"),
        (
            _(
                "Hindras arbetet av något som ingen part råder över, slipper parten sitt ansvar så "
                "långt det behövs. Den andra parten ska få veta det genast."
            ),
            _("Kan verksamheten bara utföras till en del sänks ersättningen i samma mån."),
        ),
    ),
    Clause(
        "11",
        _("Avtalstid och uppsägning"),
        (
            _(
                "Avtalet gäller från att båda har undertecknat det, eller från den senare dag som "
                "parterna har kommit överens om. Det gäller tills någon säger upp det."
            ),
            _("Uppsägningstiden är en månad från den dag uppsägningen kom fram."),
        ),
    ),
)
