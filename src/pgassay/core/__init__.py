"""The vocabulary: frozen dataclasses and pure functions on them; standard library only."""
