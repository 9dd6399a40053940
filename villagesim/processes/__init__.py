"""How things change by themselves. No process knows another one or a policy: they meet in the world's state."""
