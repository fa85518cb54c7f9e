"""Places on a room's page where rooms above it show something of theirs.

The page of a lower room offers a place: `{{ panels("agency", agency) }}`. A room above registers
what it shows there, so that the lower room and its templates never name the upper one:

    register_panel(app, "agency", meetings_of_agency, order=40)

Places, and what each is given:
* "cycle_actions", a `Cycle`: buttons beside the heading of an evaluation;
* "agency", an `Agency`: a panel in the column beside;
* "follow_up", a `FollowUp`: a panel in the column beside;
* "follow_ups", a `ListRequest`: buttons beside the list of what its address asks for;
* "meeting", a `Meeting`: a panel below what is known of it;
* "evidence_sources", a `FollowUp` whose answer is open: ways to offer files of elsewhere. It stands
  inside the answer's form, so links and buttons, and no form of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from app.core.actor import Actor
from app.core.identity import current_actor

EXTENSION = "gugus_panels"

Render = Callable[[Any, Actor], str | None]
"""Take the page's thing and who looks; return HTML as `render_template` does, or None.

It decides what this person may see, and costs a fixed number of queries.
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """What a room shows in a place; lower orders stand first."""

    render: Render
    order: int


def register_panel(app: Flask, place: str, render: Render, order: int = 100) -> None:
    """Show something in a place of a lower room's page. Rooms call it when they register."""
    known: dict[str, list[Panel]] = app.extensions[EXTENSION]
    panels = known.setdefault(place, [])
    panels.append(Panel(render, order))
    panels.sort(key=lambda panel: panel.order)


def panels(place: str, thing: Any) -> Markup:
    """Return what the rooms above show of a thing in a place, for the person who looks."""
    actor = current_actor()
    registered: dict[str, list[Panel]] = current_app.extensions[EXTENSION]
    shown = [panel.render(thing, actor) for panel in registered.get(place, ())]
    return Markup("\n").join(Markup(html) for html in shown if html)  # noqa: S704 - rendered by a template


def register_panels(app: Flask) -> None:
    """Let templates offer places. Registered before the first room."""
    app.extensions[EXTENSION] = {}
    app.add_template_global(panels)
