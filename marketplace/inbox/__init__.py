"""The inbox: what people are told, on the site first, then by the channels that they chose."""
