"""Read meetings. What a person does not see does not exist: each query asks for the actor."""
