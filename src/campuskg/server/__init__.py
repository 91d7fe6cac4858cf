"""HTTP: the SPARQL endpoint, the queries as a REST interface, the pages.

Composes the floors below; the only place that speaks HTTP.
"""
