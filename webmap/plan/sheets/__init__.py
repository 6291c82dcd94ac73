"""Map sheets on paper: one for each grid of a plan and one of the whole, drawn by the server."""
