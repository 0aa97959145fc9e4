"""Where vessels are at ticks of event time: what rules about slow vessels judge them by."""
