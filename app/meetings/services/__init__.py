"""What can be done with meetings, one module for each use case."""
