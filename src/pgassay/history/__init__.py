"""Histories: what a revision did to a database, judged. Pure: traces and catalogs to findings."""
