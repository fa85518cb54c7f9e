"""Write what leaves the application: how a sheet is written, and what each list says in it."""
