"""The page of a run: one HTML file that needs no network, made from events alone.

`views` and its neighbours say what is shown, `drawing` makes the pictures, `report` the file.
"""
