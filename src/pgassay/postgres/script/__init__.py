"""SQL files: split into statements, ordered as Flyway orders them, run, and remembered."""
