"""A retail file's records brought into the desk: what is missing is made, nothing is overwritten.

Each record goes in by a transaction that needs its keys free, users and products before the orders that name
them. So a run that breaks off leaves nothing half made and can be repeated.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from src.db.dynamo import batch_get
from src.models.audit import AuditStatus, FieldChange
from src.models.caller import Caller, Context, Role
from src.models.order import Order
from src.models.retail import ImportReport, RetailFile, misfits, read_retail, records
from src.models.user import User
from src.services.audit_service import log_user_action, new_entry
from src.services.import_writes import Tally, Unit, missing, order_unit, product_unit, user_unit, write
from src.services.records import USER
from src.services.stores import Stores

Progress = Callable[[int, int], None]

DEMO: Final = Path(__file__).with_name("demo.json")
OPERATOR: Final = uuid5(NAMESPACE_URL, "urn:orderdesk:operator")


def _unseen(done: int, total: int) -> None:
    pass


async def import_retail(stores: Stores, file: RetailFile, *, progress: Progress = _unseen) -> ImportReport:
    """Make the file's sound records that the desk has not, with one entry in the audit trail.

    A deleted record counts as there: an import brings nobody back. A run that broke off can be repeated.

    Args:
        stores: what the desk stands on.
        file: as `read_retail` answers it; its amounts are USD where an order names no other currency.
        progress: told how many of the file's sound records are dealt with, and how many there are.
    """
    report, status = ImportReport(), AuditStatus.FAILURE
    try:
        await _import(stores, file, report, progress)
        status = AuditStatus.SUCCESS
    finally:
        await _audit(stores, file, report, status)
    return report


async def load_demo(stores: Stores) -> ImportReport:
    """The desk's own demo data; a start that finds all of it there leaves no entry in the trail."""
    file, report = read_retail(DEMO.read_bytes()), ImportReport()
    await _import(stores, file, report, _unseen)
    if report.made:
        await _audit(stores, file, report, AuditStatus.SUCCESS)
    return report


async def _import(stores: Stores, file: RetailFile, report: ImportReport, progress: Progress) -> None:
    found = records(file)
    report.broken.extend(found.broken)
    tally = Tally(report, len(found.users) + len(found.products) + len(found.orders), progress)
    first = [user_unit(stores, place, user) for place, user in found.users.items()]
    first += [product_unit(stores, place, product) for place, product in found.products.items()]
    await write(stores, await missing(stores, first, tally), tally)

    orders = [order_unit(stores, place, order) for place, order in found.orders.items()]
    orders = await missing(stores, orders, tally)
    owners = await _owners(stores, (found.orders[unit.place] for unit in orders))
    fitting = list[Unit]()
    for unit in orders:
        order = found.orders[unit.place]
        if wrong := misfits(unit.place, order, owners.get(order.user_id)):
            tally.broken(wrong)
        else:
            fitting.append(unit)
    await write(stores, fitting, tally)


async def _owners(stores: Stores, orders: Iterable[Order]) -> dict[UUID, User]:
    table, ids = USER.table_of(stores.dynamo), {order.user_id for order in orders}
    items = await batch_get(stores.dynamo, [(table, USER.key(user_id)) for user_id in ids])
    users = (USER.from_item(item) for item in items if item is not None and not item.get("deleted"))
    return {user.id: user for user in users}


async def _audit(stores: Stores, file: RetailFile, report: ImportReport, status: AuditStatus) -> None:
    context = Context(request_id=str(uuid4()))
    caller = Caller("operator", OPERATOR, frozenset({Role.ADMIN}), context=context)
    made = [FieldChange(field=f"{noun}.made", new=number) for noun, number in sorted(report.made.items())]
    entry = new_entry(caller, "retail.import", "import", file.digest, status=status, changes=made)
    await log_user_action(stores, entry)
