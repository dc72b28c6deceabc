"""`launchpad programs init`, `launchpad programs show` and `launchpad programs verify`."""

from dataclasses import asdict

from rich.console import Console

from launchpad.chain import keys, pools
from launchpad.chain.accounts import AmmConfig, CurveConfig, LauncherConfig
from launchpad.chain.addresses import PROGRAMS
from launchpad.chain.client import ChainClient
from launchpad.chain.deployments import Deployment, NoProgramError, fetch_deployment
from launchpad.chain.setup import ADMIN_KEYPAIR, bootstrap
from launchpad.commands.session import keypair_path
from launchpad.commands.session import show as print_facts
from launchpad.config import Settings
from launchpad.errors import ConflictError, InvalidInputError


class ProgramsDifferError(ConflictError):
    """At least one deployed program is not the one that was built here."""

    code = "PROGRAMS_DIFFER"


async def initialise(settings: Settings, treasury: str = "", *, as_json: bool = False) -> None:
    """Create what the programs lack on the cluster, signed by their upgrade authority.

    That is KEYPAIR, or on a local cluster the one that its ledger keeps.
    """
    if treasury and not keys.is_address(treasury):
        raise InvalidInputError(f"{treasury} is no address: name the wallet that fees go to.", field="treasury")
    local = settings.launchpad_home / "ledger" / ADMIN_KEYPAIR
    path = local if settings.is_local and not settings.keypair and local.exists() else keypair_path(settings)
    admin = keys.load(path)
    console = Console(stderr=True)
    async with ChainClient(settings) as client:
        with console.status("Looking at the cluster") as status:
            await bootstrap(client, admin, treasury or None, report=status.update)
    await show(settings, as_json=as_json)


async def show(settings: Settings, *, as_json: bool = False) -> None:
    """Print the programs' addresses and configs."""
    async with ChainClient(settings) as client:
        configs = await client.fetch_configs(fresh=True)
        amm = await pools.fetch_config(client.rpc)
    if as_json:
        every = {"bonding_curve": configs.curve, "token_launcher": configs.launcher, "amm": amm}
        states = {name: _parameters(state) if state else None for name, state in every.items()}
        print_facts("", {"programs": PROGRAMS, "configs": states}, as_json=True)
        return
    print_facts("Programs", {str(name): address for name, address in PROGRAMS.items()}, as_json=False)
    for name, state in (("Bonding curve", configs.curve), ("Token launcher", configs.launcher), ("Pools", amm)):
        facts: dict[str, object] = _parameters(state) if state else {"config": "missing: run `launchpad programs init`"}
        print_facts(name, facts, as_json=False)


def _parameters(state: CurveConfig | LauncherConfig | AmmConfig) -> dict[str, object]:
    """A config's fields without the room that it keeps for later ones."""
    return {name: value for name, value in asdict(state).items() if name != "reserved"}


async def verify(settings: Settings, *, as_json: bool = False) -> None:
    """Compare every program's deployed bytes with the built ones; ProgramsDifferError where one differs."""
    async with ChainClient(settings) as client:
        found = {str(name): await _deployment(client, address) for name, address in PROGRAMS.items()}
    if as_json:
        facts = {name: asdict(one) | {"matches": one.matches} if one else None for name, one in found.items()}
        print_facts("", {"cluster": settings.cluster, "programs": facts}, as_json=True)
    else:
        for name, one in found.items():
            print_facts(name, _described(one), as_json=False)
    wrong = [name for name, one in found.items() if one is None or not one.matches]
    if wrong:
        message = (
            f"Not what was built here: {', '.join(wrong)}. Deploy the built programs, or check CLUSTER and RPC_URL."
        )
        raise ProgramsDifferError(message)


async def _deployment(client: ChainClient, address: str) -> Deployment | None:
    try:
        return await fetch_deployment(client.rpc, address)
    except NoProgramError:
        return None


def _described(one: Deployment | None) -> dict[str, object]:
    if one is None:
        return {"deployed": "not on this cluster"}
    return {
        "program": one.program,
        "verdict": "the deployed bytes are the built ones" if one.matches else "DIFFERENT from what was built",
        "deployed_hash": one.code_hash,
        "built_hash": one.built_hash,
        "bytes": one.code_bytes,
        "upgrade_authority": one.authority or "nobody",
        "last_deployed_slot": one.slot,
        "report_faults_to": one.security.get("contacts", "not said in its code"),
    }
