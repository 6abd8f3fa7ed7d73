"""Numbers of the library, each beside a floor and, where there is one, a peer, measured in the same run."""
