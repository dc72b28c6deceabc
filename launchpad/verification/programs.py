"""What a deployed program is. Pure."""

from launchpad.chain.deployments import Deployment
from launchpad.verification.schemas import Fact, Finding
from launchpad.verification.wording import found, short


def program_findings(one: Deployment) -> list[Finding]:
    """Findings about a program's bytes, who may change them, and since when they are there."""
    return [_bytes(one), _authority(one), *_slot(one)]


def _bytes(one: Deployment) -> Finding:
    facts: dict[str, Fact] = {"deployed_hash": one.code_hash, "built_hash": one.built_hash, "bytes": one.code_bytes}
    if one.built_hash is None:
        sentence = "This is none of this launchpad's programs, so there is nothing to compare its bytes with."
        return found("info", "PROGRAM_NOT_OURS", one.code_account, sentence, **facts)
    if one.matches:
        sentence = f"What runs is exactly the program {one.name} that was built from the published source."
        return found("good", "PROGRAM_MATCHES_BUILD", one.code_account, sentence, **facts)
    sentence = f"What runs is not the program {one.name} that this launchpad was built with."
    return found("danger", "PROGRAM_DIFFERS_FROM_BUILD", one.code_account, sentence, **facts)


def _authority(one: Deployment) -> Finding:
    if one.authority is None:
        return found(
            "good", "UPGRADE_AUTHORITY_NONE", one.code_account, "Nobody can change it.", upgrade_authority=None
        )
    sentence = f"{short(one.authority)} can replace it by another program at any time."
    return found("warning", "UPGRADE_AUTHORITY_HELD", one.code_account, sentence, upgrade_authority=one.authority)


def _slot(one: Deployment) -> list[Finding]:
    if one.slot is None:
        return []
    sentence = f"It was last deployed in slot {one.slot:,}."
    return [found("info", "DEPLOYED_IN_SLOT", one.code_account, sentence, slot=one.slot)]
