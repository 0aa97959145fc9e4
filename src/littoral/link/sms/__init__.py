"""Text messages: through a modem by AT commands, or through a gateway by HTTP."""
