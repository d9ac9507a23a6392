"""Files in: the only rooms that open what the user gives."""
