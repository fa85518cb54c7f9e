"""The core: whatever an agency owes, and the one revision cycle that it lives through."""
