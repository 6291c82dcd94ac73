"""Geocoding and locating, measured on real addresses and on noised ones beside simple methods."""
