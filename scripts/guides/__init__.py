"""The pictures of the guides."""
