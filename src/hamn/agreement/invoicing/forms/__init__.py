"""What people fill in about invoices: one file for the runs, one for what is issued."""
