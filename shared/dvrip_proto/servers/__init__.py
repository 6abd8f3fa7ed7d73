"""What devices dial: the alarm centre, and the server that they register at."""
