"""The door's face: what the public process serves, and what it may reach (docs/adr/0024)."""
