"""Open data into triples with their provenance; polars is imported only here."""
