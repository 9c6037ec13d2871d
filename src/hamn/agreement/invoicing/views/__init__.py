"""The pages of invoicing: the year's runs, the invoices, and what is done with one of them."""
