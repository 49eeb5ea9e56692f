"""The doorbell: tells browsers that a meeting has a newer version, and never what is in it."""
