"""Front of the package."""
