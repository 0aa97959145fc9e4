"""What a form may ask: words that no question has, and those that stand for personal data."""
