"""The tamper-evident trail (spåret): append-only, hash-chained, anchored outside the database.

Owns Entry. Uses nothing but core. Actors and things are opaque ids.
Source: docs/security.md; OSL (2009:400) 5 kap.; lag (2001:454) 10 §.
"""
