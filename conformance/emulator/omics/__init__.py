"""HealthOmics: reference stores and the imports into them."""
