"""The option of `launchpad token launch` that says how its sale goes."""

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from launchpad.errors import InvalidInputError
from launchpad.tokens.launch_schemas import SaleRequest
from launchpad.tokens.launching import sale_of

SaleOption = Annotated[
    Path | None,
    typer.Option(
        "--sale",
        help="JSON file of deadline, rules, graduation and batch, as POST /api/launchpad/deploy-token takes them.",
    ),
]


def sale_arguments(file: Path | None, creator: str) -> dict[str, Any]:
    """What the file adds to a launch; raises InvalidInputError naming the first field that is wrong."""
    if file is None:
        return {}
    try:
        asked = SaleRequest.model_validate_json(file.read_bytes())
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be read: {error.strerror}.", field="sale") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(f"{file}: {place}{': ' if place else ''}{first['msg']}.", field="sale") from error
    return {"deadline": asked.deadline, "sale": sale_of(asked, creator)}
