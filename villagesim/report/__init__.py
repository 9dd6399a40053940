"""What is written for people: explanations of parameters, descriptions of scenarios."""
