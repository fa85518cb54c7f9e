"""What can be done with follow-ups, one module for each use case."""
