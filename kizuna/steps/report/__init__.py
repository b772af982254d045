"""What the reports tell: the letter to a participant, and the class as far as it may be told."""
