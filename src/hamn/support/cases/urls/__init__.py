"""Addresses of casework, under /desk/arenden/. An address names a random id and nothing else."""

from ..views.closed import walled
from . import (
    access,
    assigning,
    break_glass,
    children,
    contacts,
    copies,
    details,
    drafts,
    files,
    keeping,
    notes,
    plans,
    referrals,
    requests,
    reviews,
    search,
    show,
    stats,
    today,
)

app_name = "cases"
urlpatterns = [
    *today.paths,
    *access.paths,
    *assigning.paths,
    *break_glass.paths,
    *requests.paths,
    *reviews.paths,
    *search.paths,
    *children.paths,
    *contacts.paths,
    *copies.paths,
    *details.paths,
    *drafts.paths,
    *files.paths,
    *keeping.paths,
    *notes.paths,
    *plans.paths,
    *referrals.paths,
    *show.paths,
    *stats.paths,
]
# Every page tells of a case that is closed to its viewer in the same way.
urlpatterns = [walled(each) for each in urlpatterns]
