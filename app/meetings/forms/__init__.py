"""What people fill in about meetings: one module for each page."""
