"""How people are told: outbox, worker, delivery. Never what, never whom."""
