"""Exact arithmetic, so that no model has to do sums in its head."""

import ast
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Final

from pydantic import StringConstraints
from pydantic_ai import FunctionToolset

from src.models.errors import Invalid
from tools.deps import Deps

calculator = FunctionToolset[Deps](require_parameter_descriptions=True, docstring_format="google")

Expression = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[0-9+\-*/(). ]+$")]

_OPERATIONS: Final[dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}


@calculator.tool_plain
async def calculate(expression: Expression) -> str:
    """Calculate exactly; the result has two decimals.

    Args:
        expression: Digits, + - * / ( ) . and spaces, such as "2 * (19.99 + 5)"; at most 200 characters.
    """
    try:
        value = _value(ast.parse(expression.strip(), mode="eval").body, expression.strip())
    except (SyntaxError, ZeroDivisionError, RecursionError, ValueError) as error:
        raise Invalid("This can't be calculated; check the expression.") from error
    cents = round(value * 100)
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def _value(node: ast.expr, text: str) -> Fraction:
    match node:
        case ast.Constant(value=int() | float()):
            return Fraction(ast.get_source_segment(text, node) or "")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, text)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, text)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_value(left, text), _value(right, text))
        case _:
            raise ValueError("not arithmetic")
