"""Agreements with municipalities (avtal): drafted, signed, under notice, ended.

Owns Agreement, Signature. Uses organisations, tariffs and the guards.
Source: agreement template 2021 §§ 1-11; KL (2017:725) 9 kap. 37 §; requirements F1-F6, Z8-Z14.
"""
