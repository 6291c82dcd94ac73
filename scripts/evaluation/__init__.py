"""Measuring our work beside the peers: one package for each subject of `scripts/evaluate`."""
