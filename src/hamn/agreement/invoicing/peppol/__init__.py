"""The e-invoice (e-faktura): an invoice document written as Peppol BIS Billing 3.0, and judged.

`write.to_xml` writes, `validate.validate` judges. No database, no network, no Django.
Source: lag (2018:1277) om elektroniska fakturor till följd av offentlig upphandling;
finance sections 1 and 2.
"""
