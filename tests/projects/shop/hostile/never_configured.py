"""Does nothing at all."""

print("nothing to do")
