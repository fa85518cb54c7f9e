"""Coordination meetings: from the invitation to closed action items."""
