"""How fast Gugus is, measured over the line against two references of the same run."""
