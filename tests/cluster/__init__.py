"""The cluster: launcher, publisher, nodes; and, where Ray is there, Ray."""
