"""Hazards: what a revision did that would hurt in production. One module each.

A hazard is a module of this package that has `detect(evidence) -> Iterator[Finding]`; its name is
the slug of its findings, its docstring the page that `pgassay explain` prints. `refusals` has
several, which differ in data only, and a page for each. Adding a hazard touches its own file alone.
"""
