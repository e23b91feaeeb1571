"""What is bought: the catalogue of approval-related service items and the qualifications they ask for."""
