"""The clauses as pytest items: ``pytest --pyargs conformance.suite --conformance-target FILE``."""
