"""Disposal (gallring): what dies when, who approved it, and the certificate that is left.

Owns DisposalList, DisposalItem, Hold, Certificate. Uses access, audit and the vault. Knows units,
and records as opaque ids; the rooms above register what they hold. Source: SoL 16:1, 16:2, 16:2 a,
16:4; docs/adr/0021.
"""
