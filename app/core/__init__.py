"""What every room stands on: database, clock, access gate, errors. Knows no capability."""
