"""From the engine's case to what the result page shows: computed again from the facts, never copied."""
