"""On history: questions about vessels, replay, statistics. Pure: columns in, columns out."""
