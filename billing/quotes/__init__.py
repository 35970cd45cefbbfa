"""Buying by purchase order, as small societies do it: a quote, a number, an invoice."""
