"""People: users, roles and the one permission table, sign-in, passwords."""
