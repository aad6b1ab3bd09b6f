"""The Lab's evidence: what a log says, against plain references and known figures."""
