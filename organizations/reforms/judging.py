"""What stands in the way of a reform, in Vietnamese sentences."""

import datetime
import re

from django.utils.translation import gettext as _

from audit import clock
from organizations import founding, paths
from organizations.models import Kind, Organization, Placement, ReformKind, ReformState, TreeLevel
from organizations.reforms.plans import ONE_DAY, Plan, Site, children, target_keys
from vietnamese.dates import day_words

OFFICIAL_CODE = re.compile(r"[0-9]{1,8}")
OWN_CODE = re.compile(r"[A-Z][0-9A-Za-z@]{1,19}")
MAY_STAND_UNDER = {
    Kind.PROVINCE: [Kind.CENTRE],
    Kind.DISTRICT: [Kind.PROVINCE],
    Kind.COMMUNE: [Kind.PROVINCE, Kind.DISTRICT],
    Kind.VILLAGE: [Kind.COMMUNE],
    Kind.UNIT: [Kind.CENTRE, Kind.PROVINCE, Kind.DISTRICT, Kind.COMMUNE],
    Kind.CLAN: [Kind.COMMUNE, Kind.VILLAGE],
}
# The five island districts without communes became special zones: a district may end in a commune.
MAY_BECOME = {(Kind.DISTRICT, Kind.COMMUNE)}


def problems(plan: Plan, day: datetime.date) -> list[str]:
    """Why it cannot be carried out, in Vietnamese sentences; nothing where it can."""
    return problems_at(Site.of(plan, day))


def problems_at(site: Site) -> list[str]:
    plan, day = site.plan, site.day
    if not plan.sources:
        return [_("Chưa chọn đơn vị nào.")]
    if unknown := sorted(plan.codes - set(site.rows)):
        return [_("Không có đơn vị mã %(codes)s.") % {"codes": ", ".join(unknown)}]
    found = [*_problems_of_sources(site)]
    if plan.kind in (ReformKind.MERGE, ReformKind.SPLIT):
        found += [*_problems_of_targets(site)]
    if plan.kind == ReformKind.SPLIT:
        found += [*_problems_of_split(site)]
    if plan.kind == ReformKind.MOVE:
        found += [*_problems_of_move(site)]
    if plan.kind == ReformKind.RENAME:
        found += [*_problems_of_name(site)]
    if plan.kind == ReformKind.CLOSE:
        found += [*_problems_of_closing(site)]
    if day > clock.today():
        found.append(_("Ngày có hiệu lực %(day)s chưa đến.") % {"day": day_words(day)})
    return found


def _problems_of_sources(site):
    day = site.day
    if len(set(site.plan.sources)) < len(site.plan.sources):
        yield _("Một đơn vị được ghi hai lần.")
    for source in site.sources:
        name = {"name": source.full_name, "day": day_words(day)}
        if source.kind == Kind.CENTRE:
            yield _("Trung ương hội không thay đổi bằng cách này.")
        if source.valid_to is not None:
            yield _("%(name)s đã thôi dùng từ hết ngày %(end)s.") % (
                name | {"end": day_words(source.valid_to)}
            )
        elif source.valid_from >= day:
            yield _("%(name)s mới có từ ngày %(start)s, không thay đổi được từ ngày %(day)s.") % (
                name | {"start": day_words(source.valid_from)}
            )
        if source.reforms_from.filter(state=ReformState.DONE, day=day).exists():
            yield _("%(name)s đã có một thay đổi trong cùng ngày %(day)s.") % name
        below = Placement.objects.filter(
            paths.at_or_below(source.path, "organization__path"), valid_from__gt=day
        )
        moved_later = below.exclude(organization__valid_from__gt=day).select_related("organization").first()
        if moved_later:
            yield _("Chồng ngày: %(other)s đã có thay đổi sau ngày %(day)s.") % (
                name | {"other": moved_later.organization.full_name}
            )


def _problems_of_targets(site):
    plan, day = site.plan, site.day
    kinds = {source.kind for source in site.sources}
    for target in site.existing:
        if target in site.sources:
            yield _("%(name)s không thể nhập vào chính nó.") % {"name": target.full_name}
        elif any(source.contains(target) for source in site.sources):
            yield _("%(name)s nằm bên dưới đơn vị được nhập hay chia: thành vòng tròn.") % {
                "name": target.full_name
            }
        yield from _must_be_in_force(target, day)
        yield from _must_become(kinds, target.kind)
    for unit in plan.new:
        yield from _must_become(kinds, unit.kind)
        yield from _problems_of_new(site, unit)
    codes = [unit.code for unit in plan.new if unit.code]
    if len(set(codes)) < len(codes):
        yield _("Hai đơn vị mới có cùng một mã.")
    if plan.kind == ReformKind.MERGE and len(plan.new) + len(plan.existing) != 1:
        yield _("Nhập thì cần đúng một đơn vị sau khi nhập.")


def _problems_of_new(site, unit):
    parent = site.rows[unit.parent]
    if not unit.name:
        yield _("Đơn vị mới chưa có tên.")
    yield from _may_stand_under(unit.kind, parent, site.day)
    if any(source.contains(parent) for source in site.sources):
        yield _("Đơn vị mới không thể nằm dưới đơn vị sẽ thôi dùng.")
    if not TreeLevel.exists_on(unit.kind, site.day):
        yield _("Cấp này không còn vào ngày %(day)s.") % {"day": day_words(site.day)}
    if unit.code:
        yield from _problems_of_code(site, unit)
    elif unit.kind not in founding.LETTERS:
        yield _("%(name)s cần mã trong danh mục hành chính.") % {"name": unit.name}


def _problems_of_code(site, unit):
    code = unit.code
    if not (OWN_CODE if unit.kind in founding.LETTERS else OFFICIAL_CODE).fullmatch(code):
        yield _("Mã %(code)s không đúng: mã hành chính chỉ gồm chữ số, nhiều nhất 8 số.") % {"code": code}
        return
    if code in site.plan.sources:
        return  # the largest of those merged goes on under its own code, as communes did in 2025
    others = Organization.objects.exclude(pk__in=[source.pk for source in site.sources])
    if other := others.filter(code=code).first():
        yield _("Mã %(code)s đang là mã của %(name)s.") % {"code": code, "name": other.full_name}
        return
    base = code.partition("@")[0]
    of_another_era = others.filter(code__startswith=f"{base}@", valid_to__lt=site.day - ONE_DAY)
    if other := of_another_era.first():
        yield _("Mã %(code)s là mã của %(name)s thời trước (đến hết ngày %(end)s).") % {
            "code": code,
            "name": other.full_name,
            "end": day_words(other.valid_to),
        }


def _problems_of_split(site):
    plan = site.plan
    keys = {key for key, _target in target_keys(plan)}
    if len(plan.sources) != 1:
        yield _("Mỗi lần chia tách một đơn vị.")
    if len(keys) < 2:
        yield _("Chia tách thì cần ít nhất hai đơn vị nhận.")
    said = {*plan.children.values(), *plan.texts.values(), plan.rest, plan.board} - {""}
    if said - keys:
        yield _("Có nơi nhận không nằm trong các đơn vị sau khi chia: %(keys)s.") % {
            "keys": ", ".join(sorted(said - keys))
        }
    for source in site.sources:
        left = [child.full_name for child in children(source) if child.code not in plan.children]
        if left:
            yield _("Chưa chọn nơi nhận cho: %(names)s.") % {"names": ", ".join(left)}


def _problems_of_move(site):
    parent = site.rows.get(site.plan.parent)
    if parent is None:
        yield _("Chưa chọn nơi chuyển về.")
        return
    for source in site.sources:
        name = {"name": source.full_name, "parent": parent.full_name}
        if source.contains(parent):
            yield _("%(name)s không thể nằm dưới chính nó: thành vòng tròn.") % name
        elif source.parent_id == parent.pk:
            yield _("%(name)s đang thuộc %(parent)s rồi.") % name
        yield from _may_stand_under(source.kind, parent, site.day)


def _problems_of_name(site):
    for source in site.sources:
        new = Organization(kind=source.kind, type=site.plan.type or source.type)
        new.set_name(site.plan.name or source.name)
        if (new.full_name, new.type) == (source.full_name, source.type):
            yield _("Tên và loại mới giống như cũ.")
        if source.former_names.filter(valid_to__gte=site.day).exists():
            yield _("Chồng ngày: %(name)s đã đổi tên sau ngày %(day)s.") % {
                "name": source.full_name,
                "day": day_words(site.day),
            }


def _problems_of_closing(site):
    for source in site.sources:
        names = [child.full_name for child in children(source)[:5]]
        if names:
            yield _("%(name)s còn đơn vị bên dưới: %(names)s. Hãy chuyển, nhập hoặc đóng chúng trước.") % {
                "name": source.full_name,
                "names": ", ".join(names),
            }


def _must_be_in_force(target, day):
    if target.valid_to is not None:
        yield _("%(name)s đã thôi dùng từ hết ngày %(end)s.") % {
            "name": target.full_name,
            "end": day_words(target.valid_to),
        }
    elif target.valid_from > day:
        yield _("%(name)s chưa có vào ngày %(day)s.") % {"name": target.full_name, "day": day_words(day)}


def _must_become(kinds, kind):
    if any(one != kind and (one, kind) not in MAY_BECOME for one in kinds):
        yield _("Chỉ nhập hay chia các đơn vị cùng một cấp.")


def _may_stand_under(kind, parent, day):
    yield from _must_be_in_force(parent, day)
    if parent.kind not in MAY_STAND_UNDER[Kind(kind)]:
        yield _("%(kind)s không đứng dưới %(parent)s.") % {
            "kind": str(Kind(kind).label).capitalize(),
            "parent": parent.full_name,
        }
