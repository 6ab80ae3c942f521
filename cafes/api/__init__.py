"""What a café's tablet may call: enrolling and syncing, and nothing else."""
