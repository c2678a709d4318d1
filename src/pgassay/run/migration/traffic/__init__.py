"""What applications say to a database before, while and after a migration runs."""
