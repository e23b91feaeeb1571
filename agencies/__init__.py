"""Agencies (中介机构): filing, qualifications and shelf offers; knows nothing of bidding or credit."""
