"""Plans: EXPLAIN as nodes, what they come to, judged against expectations and baselines."""
