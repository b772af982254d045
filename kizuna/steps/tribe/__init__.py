"""What makes the second part different: the gate, who belongs together, the place, and how it fares."""
