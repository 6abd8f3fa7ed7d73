"""IPv4 addresses as devices spell them: the four octets reversed in a hex string."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address

from ..errors import ProtocolError, UsageError


def decode_ipv4(text: str) -> str:
    """The dotted address in a device's text; dotted text, missing prefix and lost leading zeros are fine.

    ProtocolError when the text is no address.
    """
    stripped = text.strip()
    try:
        if "." in stripped:
            return str(IPv4Address(stripped))
        return str(IPv4Address(int(stripped, 16).to_bytes(4, "little")))
    except (AddressValueError, ValueError, OverflowError) as error:
        raise ProtocolError(f"not an IPv4 address: {text!r}") from error


def encode_ipv4(address: str) -> str:
    """A device's text for a dotted address: "192.168.1.10" is "0x0A01A8C0". UsageError when it is none."""
    try:
        packed = IPv4Address(address.strip()).packed
    except AddressValueError as error:
        raise UsageError(f"not an IPv4 address: {address!r}") from error
    return f"0x{int.from_bytes(packed, 'little'):08X}"
