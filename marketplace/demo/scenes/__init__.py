"""The scenes of the demonstration: each plays one demand of the seed to its end and returns what came of it."""
