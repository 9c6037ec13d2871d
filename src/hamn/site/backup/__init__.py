"""Backups (säkerhetskopior): one file that holds a whole centre, and the way back from it.

`make` writes and prunes, `restore` lays out; `archive` is the file's form, `content` what is
counted and compared, `sqlite` and `postgresql` the two databases behind the same functions.
Source: requirements A6; security F5, A8.
"""
