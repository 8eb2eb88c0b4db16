"""Ways to a target and to its source data; each foreign library is imported in one module here."""
