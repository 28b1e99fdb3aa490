"""The keys that never leave the process, and what they make: signatures, digests, sealed cursors."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from src.db.values import Key, KeyValue
from src.models.errors import InvalidCursor
from src.models.user import User
from src.utils.validation import validate_email_address


@dataclass(frozen=True, repr=False)
class Signer:
    """`audit` signs the trail; `lookup` makes the digests by which personal data is found."""

    audit: bytes
    lookup: bytes

    @cached_property
    def key_id(self) -> str:
        return hashlib.sha256(b"audit key id\0" + self.audit).hexdigest()[:12]

    def sign(self, text: str) -> str:
        return hmac.new(self.audit, text.encode(), hashlib.sha256).hexdigest()

    def digest(self, purpose: str, text: str) -> str:
        return hmac.new(self.lookup, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def email(self, email: str) -> str:
        """The same however an address is written; what is no address has a digest too, which nobody has."""
        with suppress(ValueError):
            email = validate_email_address(email)
        return self.digest("email", email.strip().lower())

    def name_zip(self, first_name: str, last_name: str, postcode: str) -> str:
        parts = (" ".join(part.split()).casefold() for part in (first_name, last_name, postcode))
        return self.digest("name-zip", "\0".join(parts))

    def name_zip_of(self, user: User) -> str:
        return self.name_zip(user.name.first_name, user.name.last_name, user.address.zip)

    def seal_cursor(self, scope: str, position: Mapping[str, KeyValue] | None) -> str | None:
        """An opaque cursor that is good for this list of this scope alone."""
        if position is None:
            return None
        body = json.dumps(position, separators=(",", ":"), sort_keys=True)
        seal = self.digest("cursor", f"{scope}\0{body}")[:24]
        return base64.urlsafe_b64encode(f"{seal}{body}".encode()).decode().rstrip("=")

    def open_cursor(self, scope: str, cursor: str | None) -> Key | None:
        if cursor is None:
            return None
        try:
            text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
            if hmac.compare_digest(
                self.digest("cursor", f"{scope}\0{text[24:]}")[:24].encode(), text[:24].encode()
            ):
                position: Key = json.loads(text[24:])
                return position
        except (binascii.Error, ValueError):
            pass
        raise InvalidCursor("This cursor is not one of this list's; ask for the first page without a cursor.")
