"""Every read of consultations."""
