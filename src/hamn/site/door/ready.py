"""What must be in place before the door is opened to anyone."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from hamn.core.errors import BadInput, _
from hamn.site.secret import DOOR as SECRET
from hamn.site.secret import is_there
from hamn.support.door.queries.routes import check_routes
from hamn.support.door.rules.limits import check_limits

from .role import check_role


def check_door() -> None:
    """Pass only where the door can be served. Raises BadInput for what is missing or unsafe."""
    if connection.vendor not in {"sqlite", "postgresql"}:
        raise BadInput(
            _(
                "Dörren når inte databasen med en egen roll. Kör ”hamn door role” som "
                "administratör och skriv [system] door_database i centre.toml, eller sätt "
                "HAMN_DOOR_DATABASE."
            )
        )
    check_limits(settings.DOOR.get("limits", {}))
    _check_database()
    if not is_there(settings.HAMN_HOME, SECRET):
        raise BadInput(
            _("Filen {path} saknas. Kör ”hamn setup”, som gör en ny; pågående besök avbryts."),
            path=settings.HAMN_HOME / SECRET,
        )
    if connection.vendor == "postgresql":
        check_role()
    check_routes(settings.DOOR)


def _check_database() -> None:
    if connection.vendor == "sqlite" and not settings.DATABASES["default"]["NAME"].exists():
        raise BadInput(_("Här finns inget centrum än. Kör ”hamn setup” först."))
    try:
        known = set(MigrationRecorder.Migration.objects.values_list("app", "name"))
    except DatabaseError:
        raise BadInput(_("Här finns inget centrum än. Kör ”hamn setup” först.")) from None
    # From the files alone: the door's connection may look at no other database.
    if set(MigrationLoader(None).graph.leaf_nodes()) - known:
        raise BadInput(_("Databasen är från en äldre Hamn. Kör ”hamn setup” först."))
