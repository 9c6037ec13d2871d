"""The key agent: a small process that alone holds the units' private keys, unsealed.

It opens data keys and makes digests over a Unix socket for processes that prove who they are, and
has no operation that reads a text. Knows no Django and no database. Source: docs/adr/0016.
"""
