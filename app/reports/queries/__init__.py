"""Read the letterhead, the templates, and what documents are made of."""
