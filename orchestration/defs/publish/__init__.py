"""The published warehouse, schedules and sensors of the day."""
