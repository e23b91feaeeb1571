"""The live room (竞价室): what of running rounds each viewer may see. Pure."""
