"""Traffic: from what clients met while a migration ran to stalls and findings. Pure."""
