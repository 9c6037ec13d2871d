"""Why a backup is not made or not laid out."""

from hamn.core.errors import BadInput


class Damaged(BadInput):
    """The file is not a whole backup of Hamn's: cut off, changed, or something else."""

    code = "system.damaged_backup"


class NotRestored(BadInput):
    """The backup is whole, but must not or cannot be laid out here."""

    code = "system.not_restored"
