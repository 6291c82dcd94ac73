"""How a module of the interface describes its routes (OpenAPI)."""

from __future__ import annotations


def in_path(name: str, kind: str = "string") -> dict:
    """Describe a parameter in the path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def says(
    method: str, summary: str, *where: dict, answer: str, status: int = 200, **bodies: str
) -> dict:
    """Describe one operation: its parameters, its answer, and the JSON it takes."""
    responses = {str(status): {"description": answer}}
    told = {"summary": summary, "parameters": list(where), "responses": responses}
    if bodies:
        schema = {"type": "object", "properties": {n: {"type": k} for n, k in bodies.items()}}
        told["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return {method: told}
