"""The vault (valvet): keys of units, sealed boxes, blind indexes, erasure by destroyed keys.

Owns UnitKey, SealedBox, Grant, IndexEntry. Uses access and audit. Source: docs/adr/0016.
"""
