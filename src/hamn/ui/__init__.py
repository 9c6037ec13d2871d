"""The component library of every face: forms, lists, tables, map, charts, on GOV.UK Frontend.

Owns no rows. Uses core alone; knows no room, so that every room's pages can stand on it.
Source: docs/adr/0012.
"""
