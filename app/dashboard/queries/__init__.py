"""What the homes show. Each home asks a fixed number of questions, whatever the rows."""
