"""The first page of the public site, and what every host says about privacy."""
