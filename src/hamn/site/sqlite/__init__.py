"""Django's SQLite engine with the Swedish alphabet as collation `swedish`."""
