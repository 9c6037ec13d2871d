"""Invoices to affiliated municipalities (fakturor): previewed, issued, delivered, paid, credited.

Owns InvoicingProfile, NumberSeries, InvoiceRun, RunOutcome, Invoice, InvoiceLine, InvoiceFile,
NoticeDecision, DeliveryEvent, Receipt, Payment. Uses organisations, tariffs, agreements, guards.
Source: agreement template 2021 § 6; requirements H6-H15, Z8-Z15; finance sections 1, 2 and 9.
"""
