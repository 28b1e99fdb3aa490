"""Data set files that are written are read as they were, whatever people write."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.cases import Call, ExpectedTalk, Given, Meta, Talk, Turn
from evals.suites import TalkCase, load_suite
from evals.traces.undoing import carried_out, order_before, user_before
from evals.traces.writing import write_cases
from src.models.conversation import Approval, ApprovalStatus, CommandOutcome
from src.models.order import CancelReason, Order, OrderItem, OrderStatus, Transaction, TransactionType
from src.models.quote import Quote
from src.models.user import Address, GiftCard, Name, User

NOW = datetime(2026, 11, 26, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
lines = st.lists(st.text(" abc:#-|>'\"\\{}[]&*!%@`é\t", max_size=12), min_size=2, max_size=5).map("\n".join)


class TestWriting:
    @settings(deadline=None)
    @given(
        st.lists(st.one_of(texts, lines.filter(bool)), min_size=1, max_size=3), st.dictionaries(texts, texts)
    )
    def test_what_is_written_is_read_back(
        self, tmp_path_factory: pytest.TempPathFactory, said: list[str], fields: dict[str, str]
    ) -> None:
        case = TalkCase(
            "case-1",
            Talk(
                customer="ann@example.com",
                given=Given(users={"1e5": {**fields}, "no": {"list": [*said, None, True, {}]}}),
                turns=[Turn(say=each, approve=[True]) for each in said],
            ),
            ExpectedTalk(calls=[Call(tool="calculate", arguments={"expression": said[0]})], kind=["done"]),
            Meta(language="no", note=said[-1]),
        )
        path = tmp_path_factory.mktemp("written") / "some.yaml"
        write_cases(path, [case, TalkCase("case-2", case.inputs, ExpectedTalk(), case.meta)])
        [read, other] = load_suite(path).cases
        assert read == case
        assert other.expected == ExpectedTalk()

    def test_the_first_line_leads_to_the_schema(self, tmp_path: Path) -> None:
        talk = Talk(customer="ann@example.com", turns=[Turn(say="hello")])
        path = tmp_path / "talks.yaml"
        write_cases(path, [TalkCase("case-1", talk, ExpectedTalk(), Meta(language="en"))])
        first, *_ = path.read_text(encoding="utf-8").splitlines()
        schema = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / schema).resolve().name == "talk.json"
        assert (path.parent / schema).is_file()


def moved(kind: TransactionType, amount: str, method: str = "gift_card_1") -> Transaction:
    return Transaction(transaction_type=kind, amount=Decimal(amount), payment_method_id=method)


PAID = moved(TransactionType.PAYMENT, "30.00")
BACK = moved(TransactionType.REFUND, "30.00")
HOME = Address(address1="1 Elm Street", city="Salem", country="USA", zip="97301")
USER = User(
    id=uuid4(),
    email="ann@example.com",
    name=Name(first_name="Ann", last_name="Lee"),
    address=HOME,
    payment_methods={"gift_card_1": GiftCard(balance=Decimal("50.00"))},
    created_at=NOW,
    updated_at=NOW,
)
ITEM = OrderItem(name="Mug", product_id="1", item_id="2", price=Decimal("30.00"))
PENDING = Order(
    order_id="W1",
    user_id=USER.id,
    address=HOME,
    items=[ITEM],
    status=OrderStatus.PENDING,
    payment_history=[PAID],
    currency="USD",
    order_date=NOW,
    updated_at=NOW,
)


def done(tool: str, *movements: Transaction, status: ApprovalStatus = ApprovalStatus.APPROVED) -> Approval:
    return Approval(
        approval_id="a",
        conversation_id="c",
        run_id="r",
        owner="o",
        tool=tool,
        arguments={"order_id": "W1"},
        digest="d",
        quote=Quote(currency="USD", movements=list(movements)),
        summary="-",
        tool_call_ids=["t"],
        expires_at=NOW,
        status=status,
        decided_at=NOW,
        outcome=CommandOutcome(carried_out=status is ApprovalStatus.APPROVED),
    )


class TestUndoing:
    def test_a_cancelled_order_is_pending_and_paid(self) -> None:
        cancelled = PENDING.model_copy(
            update={
                "status": OrderStatus.CANCELLED,
                "payment_history": [PAID, BACK],
                "cancel_reason": CancelReason.NO_LONGER_NEEDED,
            }
        )
        before, remark = order_before(cancelled, [done("cancel_pending_order", BACK)])
        assert before == PENDING
        assert "worked back" in str(remark)

    def test_a_return_moves_no_money_yet(self) -> None:
        delivered = PENDING.model_copy(update={"status": OrderStatus.DELIVERED})
        returned = delivered.model_copy(
            update={"status": OrderStatus.RETURN_REQUESTED, "return_items": ["2"]}
        )
        command = done("return_delivered_order_items", BACK)
        assert order_before(returned, [command])[0] == delivered
        assert user_before(USER, [command]) == USER

    def test_balances_are_those_from_before(self) -> None:
        refunded = user_before(USER, [done("cancel_pending_order", BACK)])
        assert refunded.payment_methods["gift_card_1"] == GiftCard(balance=Decimal("20.00"))
        paid = user_before(USER, [done("place_order", PAID)])
        assert paid.payment_methods["gift_card_1"] == GiftCard(balance=Decimal("80.00"))

    def test_what_others_did_since_or_nobody_knows_stays(self) -> None:
        assert order_before(PENDING, []) == (PENDING, None)
        order, remark = order_before(PENDING, [done("modify_pending_order_items", PAID)])
        assert order == PENDING
        assert "as it is now" in str(remark)

    def test_an_address_before_is_another_one(self) -> None:
        order, _ = order_before(PENDING, [done("modify_pending_order_address")])
        user = user_before(USER, [done("modify_user_address")])
        assert HOME not in (order.address, user.address)

    def test_only_what_was_done_counts(self) -> None:
        denied = done("cancel_pending_order", status=ApprovalStatus.DENIED)
        assert carried_out([denied, done("cancel_pending_order")]) == [done("cancel_pending_order")]
