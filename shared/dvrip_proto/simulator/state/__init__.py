"""What one device knows and keeps. No sockets."""
