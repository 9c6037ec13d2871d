"""What an affiliated municipality pays: the allocation and its what-ifs (taxor).

Owns Tariff, TariffPost, TariffLine. Uses organisations and the guards.
Source: agreement template 2021 § 6 and annex; requirements H1-H16, Z3, Z8-Z10.
"""
