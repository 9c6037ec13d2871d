"""The demo's sign-ins: known to everyone, and let in by the demo alone."""

# The same for every role; the second factor's code is shown on the page that asks for it.
PASSWORD = "hamn-demonstration"  # noqa: S105 not a secret, it is printed
