"""What phones sent and what they hold: records, files on their way, things in their scope."""
