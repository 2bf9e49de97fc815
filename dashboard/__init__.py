"""What people see: the HTTP API, the live stream and the web console."""
