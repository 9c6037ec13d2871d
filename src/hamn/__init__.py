"""Hamn: runs a specialist centre that many municipalities share.

Debian 12's SQLite lies in the range of the WAL-reset corruption bug, so the newer engine that
pysqlite3 bundles takes its place before Django is imported (docs/adr/0002).
"""

import sys

import pysqlite3

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

__version__ = "0.1.0"
