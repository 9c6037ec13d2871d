"""The dialogue as the person meets it."""
