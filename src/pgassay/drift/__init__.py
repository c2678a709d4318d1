"""Drift: catalog against catalog, and the locked contract. Pure: no driver, no database."""
