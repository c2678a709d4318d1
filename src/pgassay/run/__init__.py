"""The run: puts the parts together, yields events, prints nothing."""
