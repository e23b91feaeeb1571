"""The application (涉批中介网上超市) that joins agencies, bidding and credit."""
