"""The floor of the agreement and its money. Rooms: tariffs ← agreements ← invoicing."""
