"""Nodes of a job: sources, transforms and targets that form a graph by naming their parents."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Any

from conformance.emulator.ncloud.refusal import Refusals


class NodeRules(Refusals):
    """Constraints of the data type ETLJobNode.

    Members that belong to one type only (``bucketName``, ``fieldList``, …) are kept as they are sent, except that a
    bucket must be named by a string. That the graph has no cycle is inferred.
    """

    node_types: tuple[str, ...] = (
        "SOURCE_CATALOG",
        "SOURCE_CDB_MYSQL",
        "SOURCE_CDB_POSTGRESQL",
        "SOURCE_OBS",
        "TRANSFORM_DEFINE",
        "TRANSFORM_SELECT",
        "TRANSFORM_JOIN",
        "TRANSFORM_FILTER",
        "TRANSFORM_UNION",
        "TRANSFORM_AGGREGATE",
        "TRANSFORM_RENAME",
        "TRANSFORM_DROP_NULL",
        "TRANSFORM_DROP_DUPLICATION",
        "TRANSFORM_FILL_MISSING_VALUES",
        "TRANSFORM_SPLIT_FIELD",
        "TRANSFORM_SQL",
        "TARGET_CDB_MYSQL",
        "TARGET_CDB_POSTGRESQL",
        "TARGET_OBS",
        "TARGET_CATALOG",
    )

    def read_nodes(self, value: Any) -> tuple[dict[str, Any], ...]:
        """Return the nodes, each for itself and all together being sound."""
        if not isinstance(value, list):
            raise self.bad_parameter("Expected nodes to be an array.")
        nodes = tuple(self.read_node(node, place=f"nodes[{index}]") for index, node in enumerate(value))
        self.check_unique(nodes)
        self.check_parents_exist(nodes)
        self.check_acyclic(nodes)
        return nodes

    def read_node(self, node: Any, *, place: str) -> dict[str, Any]:
        """Return one node whose members have their types."""
        if not isinstance(node, dict):
            raise self.bad_parameter(f"Expected {place} to be an object.")
        self.check_node_type(node.get("type"), place=place)
        self.check_node_id(node.get("id"), place=place)
        self.check_node_name(node.get("name"), place=place)
        self.check_parent_ids(self.parent_ids(node), place=place)
        self.check_bucket(node.get("bucketName"), place=place)
        return node

    def check_node_type(self, value: Any, *, place: str) -> None:
        """Refuse a type outside the enumeration JobNodeType."""
        if not isinstance(value, str) or value not in self.node_types:
            raise self.bad_parameter(f"Expected {place}.type to be a type of node, as SOURCE_OBS.")

    def check_node_id(self, value: Any, *, place: str) -> None:
        """Refuse an ID that is no integer."""
        if not self.is_node_id(value):
            raise self.bad_parameter(f"Expected {place}.id to be an integer.")

    def check_node_name(self, value: Any, *, place: str) -> None:
        """Refuse a name that is no string."""
        if not isinstance(value, str):
            raise self.bad_parameter(f"Expected {place}.name to be a string.")

    def check_parent_ids(self, value: Any, *, place: str) -> None:
        """Refuse parents that are no array of IDs."""
        if not isinstance(value, list) or not all(self.is_node_id(parent) for parent in value):
            raise self.bad_parameter(f"Expected {place}.parentNodeIds to be an array of integers.")

    def check_bucket(self, value: Any, *, place: str) -> None:
        """Refuse a bucket that is not named by a string."""
        if value is not None and not isinstance(value, str):
            raise self.bad_parameter(f"Expected {place}.bucketName to be a string.")

    def is_node_id(self, value: Any) -> bool:
        """Tell whether a value can be an ID; JSON's true is not 1."""
        return isinstance(value, int) and not isinstance(value, bool)

    def parent_ids(self, node: dict[str, Any]) -> Any:
        """Return the parents of a node; a node that does not speak of them has none."""
        parents = node.get("parentNodeIds")
        return [] if parents is None else parents

    def check_unique(self, nodes: tuple[dict[str, Any], ...]) -> None:
        """Refuse two nodes with one ID."""
        if len({node["id"] for node in nodes}) < len(nodes):
            raise self.bad_parameter("Expected every node to have an ID of its own.")

    def check_parents_exist(self, nodes: tuple[dict[str, Any], ...]) -> None:
        """Refuse a parent that is not among the nodes."""
        known = {node["id"] for node in nodes}
        if any(parent not in known for node in nodes for parent in self.parent_ids(node)):
            raise self.bad_parameter("Expected parentNodeIds to name nodes of the same job.")

    def check_acyclic(self, nodes: tuple[dict[str, Any], ...]) -> None:
        """Refuse a node that is its own ancestor."""
        sorter = TopologicalSorter({node["id"]: self.parent_ids(node) for node in nodes})
        try:
            sorter.prepare()
        except CycleError as error:
            raise self.bad_parameter("Expected parentNodeIds to form no cycle.") from error
