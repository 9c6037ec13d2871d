"""People, their roles and the permit table (behörighet). Closed by default.

Owns Person and PersonRole. Uses audit. Rooms above register their permits here at start-up.
Source: design.md, Walls; OSL (2009:400) 4 kap. 2 §.
"""
