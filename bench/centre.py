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
    taken = set(Municipality.objects.values_list("code", flat=True))
    real = sorted(taken - {"0180"})[:size]
    # Invented codes are hexadecimal, so that there are enough of them.
    invented = (f"{number:04x}" for number in range(65_536) if f"{number:04x}" not in taken)
    new = [next(invented) for _ in range(size - len(real))]
    Municipality.objects.bulk_create(Municipality(code, f"Kommun {code}", "01") for code in new)
    _sign([*real, *new], _adopt([*real, *new], person))


def _adopt(codes: list[str], person: object) -> object:
    from hamn.agreement.tariffs import actions

    return actions.adopt(
        name="bench",
        total_kr=400_000_000,
        posts={"mika": Decimal(2)},
        populations={code: 1_000 + 7 * place for place, code in enumerate(codes)},
        additions={},
        population_year=2018,
        index_percent=Decimal(2),
        price_level_year=2021,
        valid_from=date(2021, 1, 2),
        by=person,
    )


def _sign(codes: list[str], tariff: object) -> None:
    from stdnum import luhn

    from hamn.agreement.agreements.models import Agreement
    from hamn.register.organisations.models import Party

    def party(place: int, code: str) -> Party:
        body = f"402{place:06d}"
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

    rows = [party(place, code) for place, code in enumerate(codes)]
    Agreement.objects.bulk_create(
        (
            Agreement(
                party=owner,
                tariff=tariff,
                status="in_force",
                index_base_year=2021,
                starts_on=date(2021, 2, 1),
            )
            for owner in Party.objects.bulk_create(rows, batch_size=1_000)
        ),
        batch_size=1_000,
    )
    connection.close()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
    import django

    django.setup()
    build(int(sys.argv[1]))
