"""The Word templates that Gugus brings along, made at need: code can be read, a binary cannot.

They are ordinary templates. What an office downloads, changes and uploads again is one of these.
"""
