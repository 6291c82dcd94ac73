"""What `scripts/bench` times, one module for each kind of work."""
