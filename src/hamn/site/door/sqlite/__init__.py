"""The embedded database as the door meets it; `base` is the engine that its settings name."""
