"""Pages of consultations: the public ones for professionals, and the desk's."""
