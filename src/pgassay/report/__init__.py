"""Reports: listeners to the events of a run. They know the vocabulary and nothing else."""
