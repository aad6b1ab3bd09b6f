"""What somebody who thinks of opening a centre should know of each wilayat. No Django."""
