"""What a dialogue's sealed fields say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DialogueContent:
    """Who the person has said she is: empty while she is anonymous; hers to change both ways."""

    called: str = ""


@dataclass(frozen=True, slots=True)
class MessageContent:
    """What was written."""

    text: str


@dataclass(frozen=True, slots=True)
class ReachContent:
    """How a person wants to be told or called, and when it is safe.

    address: an e-mail address of a notice, a number of a call. since, until: hours of the day, 22
    and 6 mean over the night. days: 0 is Monday; none means any. wording: code of the neutral text.
    """

    address: str
    since: int | None = None
    until: int | None = None
    days: tuple[int, ...] = ()
    wording: str = ""


# By model, for whoever must not forget any of it.
OF_MODEL: dict[str, type] = {
    "Dialogue": DialogueContent,
    "Message": MessageContent,
    "Reach": ReachContent,
}
