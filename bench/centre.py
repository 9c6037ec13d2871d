"""A generated centre of any size: real municipalities first, then invented codes up to 9999.

Usage: python -m bench.centre SIZE
"""

import os
import sys
from datetime import date
from decimal import Decimal

from django.db import connection

TODAY = date(2026, 1, 15)


def build(size: int) -> None:
    """A centre with that many agreements in force since 2021."""
    from hamn.register.organisations.models import Municipality
    from hamn.site.demo.build import DATA
    from hamn.site.setup import set_up

    person = set_up(DATA / "centre.toml", today=date(2021, 1, 1), is_example=True)
    codes = list(Municipality.objects.exclude(code="0180").values_list("code", flat=True)[:size])
    taken = set(Municipality.objects.values_list("code", flat=True))
    invented = (f"{number:04d}" for number in range(10_000) if f"{number:04d}" not in taken)
    # A hundred of the four-digit codes are left for municipalities without an agreement.
    new = [next(invented) for _ in range(max(0, min(size, 9_700) - len(codes)))]
    Municipality.objects.bulk_create(Municipality(code, f"Kommun {code}", "01") for code in new)
    tariff = _adopt([*codes, *new], person)
    _sign([*codes, *new], tariff, extra=size - len(codes) - len(new))


def _adopt(codes: list[str], person: object) -> object:
    from hamn.agreement.tariffs import actions

    return actions.adopt(
        name="bench",
        total_kr=400_000_000,
        posts={"mika": Decimal(2)},
        populations={code: 1_000 + 7 * int(code) for code in codes},
        additions={},
        population_year=2018,
        index_percent=Decimal(2),
        price_level_year=2021,
        valid_from=date(2021, 1, 2),
        by=person,
    )


def _sign(codes: list[str], tariff: object, *, extra: int) -> None:
    from stdnum import luhn

    from hamn.agreement.agreements.models import Agreement
    from hamn.register.organisations.models import Party

    def party(code: str) -> Party:
        body = f"402{code}00"
        number = body + luhn.calc_check_digit(body)
        address = {"billing_street": "Boxen 1", "billing_code": "10000", "billing_city": "Staden"}
        return Party(
            municipality_id=code,
            name=f"Kommun {code}",
            organisation_number=number,
            participant_id=f"0007:{number}",
            buyer_reference=f"REF{code}",
            department="Socialförvaltningen",
            **address,
        )

    parties = Party.objects.bulk_create([party(code) for code in codes], batch_size=1_000)

    def agreement(owner: Party, **more: object) -> Agreement:
        return Agreement(
            party=owner,
            tariff=tariff,
            index_base_year=2021,
            starts_on=date(2021, 2, 1),
            **more,
        )

    living = [agreement(owner, status="in_force") for owner in parties]
    # Codes have four digits, so the last hundreds are second agreements of the same parties.
    ended = [
        agreement(
            owner,
            status="ended",
            notice_received_on=date(2026, 1, 2),
            ends_on=date(2026, 2, 2),
        )
        for owner in parties[:extra]
    ]
    Agreement.objects.bulk_create([*living, *ended], batch_size=1_000)
    _decide(ended)
    connection.close()


def _decide(ended: list[object]) -> None:
    from hamn.agreement.invoicing.models import NoticeDecision
    from hamn.site.acting import person_or_none

    NoticeDecision.objects.bulk_create(
        NoticeDecision(
            agreement_id=row.pk,  # type: ignore[attr-defined]
            year=2026,
            reading="whole_year",
            reason="bench",
            decided_by=person_or_none(),
        )
        for row in ended
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.settings")
    import django

    django.setup()
    build(int(sys.argv[1]))
