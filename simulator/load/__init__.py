"""Load: a set rate and mix of events over MQTT, and the proof that none was lost or doubled on the way."""
