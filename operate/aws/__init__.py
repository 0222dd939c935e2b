"""Building, deploying and rolling back the hub on AWS, or on the stand-in for it."""
