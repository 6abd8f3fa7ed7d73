"""Forms: add a device by address or as it reported, sign in again, change its address, set its options."""

import asyncio
from collections.abc import Mapping
from typing import Any, override

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.typing import DiscoveryInfoType

from dvrip_proto import Device, DvripError, Silence, UnsupportedError

from .address import parse_address
from .const import (
    CONF_ANOTHER,
    CONF_ENCRYPTION,
    CONF_NO_PASSWORD,
    DEFAULT_PORT,
    DEFAULT_USERNAME,
    DOMAIN,
    FORM_SCAN_TIMEOUT_S,
    LOGGER,
    LOGIN_TIMEOUT_S,
    REQUEST_TIMEOUT_S,
)
from .discovery import async_look_at, async_scan
from .failure import NO_CODE, cause, code
from .found import Found
from .identity import Identity, identify
from .inert import error_text, inert
from .moves import is_connected, placeholders
from .options_flow import DvripOptionsFlow
from .replaced import async_replace, is_of_same_model

_TEXT = TextSelector(TextSelectorConfig(autocomplete="off"))
_PASSWORD = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password"))
# An empty password is what these devices leave the factory with.
_CREDENTIALS: dict[vol.Marker, Any] = {
    vol.Required(CONF_USERNAME, default=DEFAULT_USERNAME): _TEXT,
    vol.Optional(CONF_PASSWORD, default=""): _PASSWORD,
}
_KNOWN_DEVICE = vol.Schema({vol.Required(CONF_ANOTHER, default=False): BooleanSelector()})


class DvripConfigFlow(ConfigFlow, domain=DOMAIN):
    """One device: who it is decides, not where it is."""

    VERSION = 1

    def __init__(self) -> None:
        self._found: list[Found] | None = None
        self._device: Found | None = None
        self._claim: tuple[ConfigEntry, Identity, dict[str, Any]] | None = None
        self._error = ""
        self._code = NO_CODE
        self._encryption = "auto"

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> DvripOptionsFlow:
        return DvripOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for an address; devices that report are offered in the same field."""
        errors: dict[str, str] = {}
        if user_input is not None:
            data = _with_address(user_input)
            if identity := await self._async_sign_in(data, errors):
                return await self._async_create(identity, data)
        if self._found is None:
            self._found = await async_scan(self.hass, FORM_SCAN_TIMEOUT_S)
        known = self._async_current_ids(include_ignore=False)
        offered = [device for device in self._found if device.unique_id not in known]
        return self._form("user", _address_schema(offered), user_input, errors, {"count": str(len(offered))})

    @override
    async def async_step_integration_discovery(self, discovery_info: DiscoveryInfoType) -> ConfigFlowResult:
        """Take note of a device that reported. Where a known one is, `moves` decides and never a claim."""
        device = self._device = Found(**discovery_info)
        address = {CONF_HOST: device.host, CONF_PORT: device.port}
        await self.async_set_unique_id(device.unique_id)
        self._abort_if_unique_id_configured()
        self._async_abort_entries_match(address)
        self.context["title_placeholders"] = {"name": device.name, "host": device.host}
        return await self.async_step_discovery_confirm()

    @override
    async def async_step_dhcp(self, discovery_info: DhcpServiceInfo) -> ConfigFlowResult:
        """A registered MAC address was given an address: what reports there is weighed as in every scan."""
        await async_look_at(self.hass, discovery_info.ip)
        return self.async_abort(reason="already_configured")

    async def async_step_discovery_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials of a device that reported."""
        assert self._device is not None
        device = self._device
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {CONF_HOST: device.host, CONF_PORT: device.port, **user_input}
            if identity := await self._async_sign_in(data, errors):
                return await self._async_create(identity, data)
        placeholders = {"name": device.name, "host": device.host}
        return self._form("discovery_confirm", vol.Schema(_CREDENTIALS), user_input, errors, placeholders)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """The device refused the stored credentials."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for other credentials."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None and (
            identity := await self._async_sign_in({**entry.data, **user_input}, errors)
        ):
            place = {key: entry.data[key] for key in (CONF_HOST, CONF_PORT)}
            return await self._async_update(entry, identity, {**place, **user_input})
        typed = user_input or {CONF_USERNAME: entry.data[CONF_USERNAME]}
        placeholders = {"name": entry.title, "host": entry.data[CONF_HOST]}
        self._name_card(entry)
        return self._form("reauth_confirm", vol.Schema(_CREDENTIALS), typed, errors, placeholders)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another address or other credentials; no password means the stored one."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            data = _with_address(user_input)
            if data.pop(CONF_NO_PASSWORD):
                data[CONF_PASSWORD] = ""
            elif not data[CONF_PASSWORD]:
                data[CONF_PASSWORD] = entry.data[CONF_PASSWORD]
            if CONF_ENCRYPTION in entry.data:
                data[CONF_ENCRYPTION] = entry.data[CONF_ENCRYPTION]
            if identity := await self._async_sign_in(data, errors):
                return await self._async_update(entry, identity, data)
        kept = (CONF_PASSWORD, CONF_ENCRYPTION)
        typed = user_input or {key: value for key, value in entry.data.items() if key not in kept}
        self._name_card(entry)
        return self._form("reconfigure", _RECONFIGURE, typed, errors, {"name": entry.title})

    def _name_card(self, entry: ConfigEntry) -> None:
        # Home Assistant itself fills in the name only.
        self.context["title_placeholders"] = {"name": inert(entry.title), "host": entry.data[CONF_HOST]}

    async def _async_create(self, identity: Identity, data: dict[str, Any]) -> ConfigFlowResult:
        entry = await self.async_set_unique_id(identity.unique_id, raise_on_progress=False)
        if entry is not None and entry.source != SOURCE_IGNORE and _is_elsewhere(entry, data):
            if identity.twin_id in self._async_current_ids():
                return self.async_abort(reason="already_configured")
            self._claim = (entry, identity, data)
            return await self.async_step_known_device()
        self._abort_if_unique_id_configured(updates=data)
        return self.async_create_entry(title=self._title(identity), data=self._with_encryption(data))

    def _title(self, identity: Identity) -> str:
        """Name of an entry; two devices of one model are told apart by the end of their serial numbers."""
        taken = {entry.title for entry in self._async_current_entries(include_ignore=False)}
        return f"{identity.name} {identity.unique_id[-4:]}" if identity.name in taken else identity.name

    async def async_step_known_device(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what to do about a device that claims to be one that is set up at another address."""
        assert self._claim is not None
        entry, identity, data = self._claim
        if user_input is None:
            shown = placeholders(entry, data[CONF_HOST], data[CONF_PORT])
            return self._form("known_device", _KNOWN_DEVICE, None, {}, shown)
        if user_input[CONF_ANOTHER]:
            await self.async_set_unique_id(identity.twin_id, raise_on_progress=False)
            return self.async_create_entry(title=self._title(identity), data=self._with_encryption(data))
        return self.async_update_reload_and_abort(
            entry, data_updates=self._with_encryption(data), reason="reconfigure_successful"
        )

    async def _async_update(
        self, entry: ConfigEntry, identity: Identity, data: dict[str, Any]
    ) -> ConfigFlowResult:
        if self.hass.config_entries.async_get_entry(entry.entry_id) is None:  # removed meanwhile
            return self.async_abort(reason="no_entry")
        if identity.may_be(entry.unique_id):
            return self.async_update_reload_and_abort(entry, data_updates=self._with_encryption(data))
        known = await self.async_set_unique_id(identity.unique_id, raise_on_progress=False)
        if is_of_same_model(self.hass, entry, identity):
            if known is None or known.source != SOURCE_IGNORE:
                self._abort_if_unique_id_configured()
            self._claim = (entry, identity, data)
            return await self.async_step_replaced()
        return self.async_abort(reason="wrong_device")

    async def async_step_replaced(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask whether a device of the same model has taken the place of the one of the entry."""
        assert self._claim is not None
        entry, identity, data = self._claim
        if user_input is None:
            shown = placeholders(entry, data[CONF_HOST], data[CONF_PORT])
            return self._form("replaced", vol.Schema({}), None, {}, shown)
        await async_replace(self.hass, entry, identity.unique_id)
        for flow in self._async_in_progress():  # it has reported: it is no newcomer any more
            if flow["context"].get("unique_id") == identity.unique_id:
                self.hass.config_entries.flow.async_abort(flow["flow_id"])
        return self.async_update_reload_and_abort(
            entry, unique_id=identity.unique_id, data_updates=self._with_encryption(data)
        )

    def _with_encryption(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data of an entry, with the policy that keeps a device encrypted which was met so."""
        return data if self._encryption == "auto" else {**data, CONF_ENCRYPTION: self._encryption}

    async def _async_sign_in(self, data: Mapping[str, Any], errors: dict[str, str]) -> Identity | None:
        try:
            async with (
                asyncio.timeout(LOGIN_TIMEOUT_S),
                Device(
                    data[CONF_HOST],
                    data[CONF_PORT],
                    username=data[CONF_USERNAME],
                    password=data[CONF_PASSWORD],
                    timeout_s=REQUEST_TIMEOUT_S,
                    encryption=data.get(CONF_ENCRYPTION, "auto"),
                ) as device,
            ):
                identity = await identify(device, Silence())
                self._encryption = device.entry.policy
                return identity
        except (DvripError, TimeoutError) as error:
            self._error = error_text(error) or f"{data[CONF_HOST]}: no answer within {LOGIN_TIMEOUT_S:.0f} s"
            self._code = code(error)
            LOGGER.info("Cannot sign in: %s", self._error)
            errors["base"] = cause(error)
            if isinstance(error, UnsupportedError):
                errors["base"] = "unsupported_encryption" if error.encryption else "refused"
        except Exception as error:  # noqa: BLE001 - a form answers whatever went wrong
            LOGGER.exception("Unexpected error while signing in at %s", data[CONF_HOST])
            self._error = type(error).__name__
            errors["base"] = "unknown"
        return None

    def _form(
        self,
        step_id: str,
        schema: vol.Schema,
        typed: Mapping[str, Any] | None,
        errors: dict[str, str],
        placeholders: Mapping[str, str],
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, typed),
            errors=errors,
            description_placeholders={
                **{key: inert(text) for key, text in placeholders.items()},
                "error": self._error,
                "code": self._code,
            },
        )


def _address_schema(offered: list[Found]) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(CONF_HOST): _host_selector(offered),
            vol.Required(CONF_PORT, default=DEFAULT_PORT): cv.port,
            **_CREDENTIALS,
        }
    )


def _host_selector(offered: list[Found]) -> SelectSelector | TextSelector:
    if not offered:
        return _TEXT
    options = [
        SelectOptionDict(value=_typed_address(device), label=f"{device.name} ({device.host})")
        for device in offered
    ]
    return SelectSelector(SelectSelectorConfig(options=options, custom_value=True))


_RECONFIGURE = _address_schema([]).extend({vol.Required(CONF_NO_PASSWORD, default=False): BooleanSelector()})


def _is_elsewhere(entry: ConfigEntry, data: Mapping[str, Any]) -> bool:
    """Whether an address is another than that of an entry; a port is, while its device is at the old one."""
    other_port = data[CONF_PORT] != entry.data[CONF_PORT] and is_connected(entry)
    return bool(data[CONF_HOST] != entry.data[CONF_HOST] or other_port)


def _typed_address(device: Found) -> str:
    return device.host if device.port == DEFAULT_PORT else f"{device.host}:{device.port}"


def _with_address(user_input: Mapping[str, Any]) -> dict[str, Any]:
    host, port = parse_address(user_input[CONF_HOST])
    return {**user_input, CONF_HOST: host, CONF_PORT: user_input[CONF_PORT] if port is None else port}
