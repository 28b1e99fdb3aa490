"""What trials took, and what they cost as far as that is known."""

from evals.outcomes import Spent


def test_costs_add_up_where_all_are_known() -> None:
    assert Spent().plus(Spent(requests=1, cost=0.5)).plus(Spent(requests=2, cost=0.25)).cost == 0.75


def test_a_sum_that_is_known_in_part_is_not_known() -> None:
    assert Spent(requests=1, cost=0.5).plus(Spent(requests=1)).cost is None
