"""Several machines as an engine: hands rate as one process does, an office grants pace and money, a crew leads them.

Only `on_ray` knows Ray; it is imported where a cluster is asked for.
"""

from scorer.rating.cluster.crew import Cluster, ClusterEngine

__all__ = ["Cluster", "ClusterEngine"]
