"""Use cases of agencies: bring them in, look after them, say who answers for them."""
