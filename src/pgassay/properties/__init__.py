"""Properties: what must hold of any row and any history of rows (Hypothesis).

Pure: the server is met through `core.statement.Session`.
"""
