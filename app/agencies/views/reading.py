"""The list of agencies, and one agency."""

from flask import request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.agencies import queries
from app.agencies.forms import AgencyFilterForm, DutyForm, EndForm, ReasonForm
from app.agencies.labels import CATEGORY_LABELS, DUTY_HINTS, DUTY_LABELS, kind_label
from app.agencies.models import Agency, Category
from app.agencies.queries import SORTS, TEAM, AgencyFilter
from app.agencies.views.blueprint import bp
from app.agencies.views.presenting import (
    cluster_roles,
    column_urls,
    filter_chips,
    list_url,
    timeline_of,
)
from app.core.access import requires
from app.core.htmx import render_page
from app.core.identity import current_actor
from app.core.pagination import page_number

ADVISED_TEAM = 2


@bp.get("/instansi")
@requires(Permission.AGENCY_READ)
def index() -> ResponseReturnValue:
    """List the agencies."""
    wanted = _wanted()
    form = AgencyFilterForm(request.args)
    form.offer(list(queries.kinds()))
    active, nobody, silent = queries.counts()
    return render_page(
        "agencies/index.html",
        page=queries.list_agencies(wanted, page_number(request.args.get("page"))),
        page_url=lambda number: list_url(wanted, page=number),
        list_url=list_url,
        everything=AgencyFilter(),
        columns=column_urls(wanted),
        active_filters=filter_chips(wanted),
        filter_form=form,
        counts={"active": active, "nobody": nobody, "silent": silent},
        category_labels=CATEGORY_LABELS,
        kind_label=kind_label,
        can_manage=current_actor().has(Permission.AGENCY_MANAGE),
    )


@bp.get("/instansi/<code>")
@requires(Permission.AGENCY_READ)
def detail(code: str) -> ResponseReturnValue:
    """Show an agency: its spellings, who answers for it, and its history."""
    return detail_page(queries.get_by_code(code), ReasonForm(formdata=None))


def detail_page(agency: Agency, reason_form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    """Answer with an agency's page; the form of ending its part unfolds where it has errors."""
    members = queries.members_of(agency.id)
    actor = current_actor()
    return render_page(
        "agencies/detail.html",
        status=status,
        agency=agency,
        members=members,
        past_members=queries.past_members_of(agency.id),
        team=[member for member in members if member.duty in TEAM],
        advised=ADVISED_TEAM,
        children=queries.children_of(agency.id),
        cluster_roles=cluster_roles(agency),
        events=timeline_of(queries.history_of(agency.id)),
        category_label=CATEGORY_LABELS[agency.category],
        kind_label=kind_label(agency.kind),
        duty_labels=DUTY_LABELS,
        duty_hints=DUTY_HINTS,
        reason_form=reason_form,
        duty_forms={
            m.id: DutyForm(formdata=None, prefix=f"m{m.id}-", duty=m.duty.value) for m in members
        },
        end_forms={m.id: EndForm(formdata=None, prefix=f"e{m.id}-") for m in members},
        can_manage=actor.has(Permission.AGENCY_MANAGE),
        can_see_users=actor.has(Permission.USER_READ),
    )


def _wanted() -> AgencyFilter:
    args = request.args
    category = args.get("category", "")
    sort = args.get("sort", "")
    return AgencyFilter(
        words=args.get("q", "").strip()[:200],
        kind=args.get("kind", "")[:40],
        category=Category(category) if category in list(Category) else None,
        without_focal_point=args.get("missing") == "narahubung",
        without_mail=args.get("missing") == "surel",
        with_inactive="inactive" in args,
        sort=sort if sort.removeprefix("-") in SORTS else "short_name",
    )
