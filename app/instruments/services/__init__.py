"""Use cases of instruments: bring them in, mend a question, set up an evaluation."""
