"""History cases: what holds of every revision of a system, proven by running it there and back.

`walk` goes through the revisions once and notes what each did; the modules beside it judge, one
kind of case each. `trials` lists them.
"""
