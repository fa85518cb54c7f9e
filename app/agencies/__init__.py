"""Agencies, their aliases and groups, and who answers for them."""
