"""What a month of the hub costs on AWS, from counts that are measured."""
