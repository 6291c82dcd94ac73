"""Measuring how well grids are drawn: the cases, our way, the peers, the oracle, the table."""
