"""A lifelike regency for trying the program out. Nothing else may import it."""
