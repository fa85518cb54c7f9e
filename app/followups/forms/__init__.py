"""What people fill in about follow-ups: one module for each page."""
