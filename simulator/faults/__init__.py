"""What goes wrong on the way from a device to us: pure changes of a stream of messages, drawn from a seed, one after another."""
