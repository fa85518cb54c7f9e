"""The bytes: kept once per content hash, written so that a crash leaves nothing half."""
