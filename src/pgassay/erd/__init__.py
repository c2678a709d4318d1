"""Diagrams of a schema: Mermaid's `erDiagram` read, held against a catalog, and written from one.

Pure: from text and catalogs to findings and text. What is read may have been written by anybody;
what a diagram cannot say, or never says, is not judged (see `pgassay.erd.habits`).
"""
