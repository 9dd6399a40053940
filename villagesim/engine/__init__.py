"""The machinery of one run: calendar, levers, fund, desks, recorder. It knows nothing of villages."""
