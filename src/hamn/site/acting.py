"""Who acts at the command line."""

import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from hamn.core.errors import NotVisible, _
from hamn.guards.access import queries

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


class NoCentre(NotVisible):
    """There is no centre where the command looks for one."""

    code = "no_centre"


def acting_person(email: str | None) -> "Person":
    """The person with the address, from `--as` or HAMN_AS; else the centre's first administrator.

    Raises NoCentre before `hamn setup` or `hamn demo`, NotVisible for an unknown address.
    """
    email = email or os.environ.get("HAMN_AS")
    person = person_or_none()
    if person is None:
        raise NoCentre(
            _(
                "Inget centrum finns i {home}. Kör ”hamn setup” eller ”hamn demo” där, eller peka "
                "ut det med HAMN_HOME."
            ),
            home=settings.HAMN_HOME,
        )
    return queries.by_email(email) if email else person


def person_or_none() -> "Person | None":
    """The centre's first administrator, or None where there is no centre.

    A database that cannot be reached is not a missing centre: then the database's own error comes.
    """
    if connection.vendor == "sqlite" and not settings.HAMN_HOME.is_dir():
        return None
    if "access_person" not in connection.introspection.table_names():
        return None
    return queries.first_administrator()
